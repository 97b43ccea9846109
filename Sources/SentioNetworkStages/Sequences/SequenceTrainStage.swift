package import SentioKit
import SentioNN

/// Trains a recurrent network, or a transformer, that predicts ratings over time from the embeddings of a song's
/// patches.
///
/// Embeddings come every 3 s and ratings every half second, so embeddings are interpolated to the times of the training
/// songs' ratings, standardized by the training songs and read by recurrent layers or transformer blocks; a linear
/// layer predicts each dimension at each step. Steps without a rating do not contribute to the loss, and attention does
/// not read steps after a song's end. Outputs: `model`, `predictions` (a sequence for
/// each song of the split, in the units of the ratings) and `history`. Deterministic for one seed and number of
/// threads; an interrupted training ends with the same bytes.
package struct SequenceTrainStage: Stage {
    package static let kind = "sequence-train"
    package static let version = 1
    package static let summary = "Trains a recurrent network or a transformer that predicts ratings over time."

    package static let parameters: [any ParameterDefinition] =
        [SequenceStudy.parts] + SequenceRecipe.settings.map(\.parameter)
    package static let inputs = SequenceStudy.inputs
    static let model = OutputPort(
        "model", NetworkTraining.modelType,
        "`weights.safetensors` with PyTorch's parameter names and the input scaling, and `config.json`.")
    static let history = OutputPort(
        "history", NetworkTraining.historyType, "CSV: losses, R², CCC, learning rate and gradient norm of each epoch.")
    package static let outputs = [model, SequenceStudy.predictions, history]
    package static let application = Application.model(
        ModelApplication(
            model, predictions: SequenceStudy.predictions, by: NetworkFormat.sequence.applyingKind,
            from: [SequenceStudy.embeddings]))

    private let configuration: Configuration
    private let recipe: SequenceRecipe

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        recipe = try SequenceRecipe(configuration)
    }

    package var resources: Resources { Resources(cores: .all, waitsForCores: true) }
    package var drawsRandomNumbers: Bool { recipe.seed == nil }
    package var length: Int? { recipe.epochs }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        // The input width is unknown here, but a step costs the same for all songs.
        SequenceStudy.steps(inputs).map { Workload(["steps": $0 * Double(3 * recipe.epochs + 1)]) }
    }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] { SequenceStudy.amounts(from: inputs) }

    package func run(_ context: StageContext) throws {
        let parts = configuration[SequenceStudy.parts]
        try SequenceTraining(SequenceStudy(context, parts: parts), recipe).run(parts: parts)
    }
}
