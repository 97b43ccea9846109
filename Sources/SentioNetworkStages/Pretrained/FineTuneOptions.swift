import SentioNN

/// What fine-tuning has beside the recipe that all networks share.
struct FineTuneOptions: Sendable {
    /// What is trained, and the head; contexts and outputs follow from the labels.
    var network = EncoderRegressor.Configuration()
    /// The learning rate of each depth of the encoder, as a share of that of the depth above.
    var lowerRate = 0.7
    /// The most patches that predict a song; 0: all.
    var patches = 0
    /// Patches of each song in an epoch.
    var epochPatches = 4
    /// The column of the labels that says which collection a song is from; nil: songs are treated alike.
    var context: String?

    /// For some hundred songs: an average of the weights, a loss that counts errors and agreement, no songs held out.
    static let recipe: TrainingRecipe = {
        var recipe = TrainingRecipe()
        (recipe.epochs, recipe.learningRate, recipe.weightDecay, recipe.warmup, recipe.clip) = (30, 3e-4, 0.05, 1, 1)
        (recipe.average, recipe.loss) = (0.99, LossChoice(BlendedLoss.self))
        return recipe
    }()
}
