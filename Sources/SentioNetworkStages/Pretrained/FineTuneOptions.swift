import SentioNN

/// The options of fine-tuning in addition to the recipe that all networks share.
struct FineTuneOptions: Sendable {
    /// The trained layers and the head; contexts and outputs follow from the labels.
    var network = EncoderRegressor.Configuration()
    /// The learning rate of each depth of the encoder, as a fraction of that of the depth above.
    var lowerRate = 0.7
    /// Maximum number of patches that predict a song; 0: all.
    var patches = 0
    /// Patches of each song per epoch.
    var epochPatches = 4
    /// The labels column that names the collection a song is from; nil: all songs are treated alike.
    var context: String?

    /// For a few hundred songs: averaged weights, a loss of both error and agreement, no songs held out.
    static let recipe: TrainingRecipe = {
        var recipe = TrainingRecipe()
        (recipe.epochs, recipe.learningRate, recipe.weightDecay, recipe.warmup, recipe.clip) = (30, 3e-4, 0.05, 1, 1)
        (recipe.average, recipe.loss) = (0.99, LossChoice(BlendedLoss.self))
        return recipe
    }()
}
