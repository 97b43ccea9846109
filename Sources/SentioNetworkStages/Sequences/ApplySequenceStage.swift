package import SentioKit

/// Rates songs over time with a stored network of `sequence-train`, without ratings or a split.
///
/// The embeddings are interpolated to the moments that the network was trained on, and standardized as in the training,
/// so a song gets the bits that the training stage wrote for it. Output: `predictions`, a sequence for each song in the
/// units of the ratings; they count as fitted on all songs that the model has seen. Deterministic on one kind of
/// processor, whatever the number of threads.
package struct ApplySequenceStage: Stage {
    package static let kind = "apply-sequence"
    package static let version = 1
    package static let summary = "Rates songs over time with a stored network of sequence-train."
    /// Predictions of a song depend on the model and that song alone.
    package static let application = Application.again

    package static let parameters: [any ParameterDefinition] = []
    static let model = InputPort("model", NetworkTraining.modelType, "The network, from `sequence-train`.")
    static let embeddings = InputPort(
        SequenceStudy.embeddings.name, .embeddings, "From `embed`, with the network of the training.")
    package static let inputs = [model, embeddings]
    static let predictions = SequenceStudy.predictions
    package static let outputs = [predictions]

    package init(_ configuration: Configuration) {}

    package var resources: Resources { Resources(cores: .all) }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        inputs[Self.embeddings].map {
            // The size of the model stands for the network: its architecture is not known before the run.
            Workload(
                ["songs": $0.items],
                pace: inputs[Self.model]?.bytes.map { "\(Int(saturating: $0)) bytes of model" })
        }
    }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] { SequenceStudy.amounts(from: inputs) }

    package func run(_ context: StageContext) throws {
        let (rater, seen) = try ModelFault.explained(Self.model, from: "a `\(SequenceTrainStage.kind)` stage") {
            let stored = try StoredNetwork(
                config: try context.file(Self.model, "config.json"),
                weights: try context.file(Self.model, "weights.safetensors"))
            // Songs that are read from here on are only predicted: the model has seen what the ledger holds now.
            let seen = context.lineage()
            return (try SequenceRater(stored, context, Self.embeddings), seen)
        }
        try rater.write(seen: seen)
    }
}
