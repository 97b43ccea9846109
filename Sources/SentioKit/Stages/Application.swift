/// What becomes of a stage when a model behind it rates songs that came after training.
///
/// Rating a new song repeats the part of the training pipeline between the sound and the model. Each kind says how its
/// stages take part, so that nothing is configured twice: see `StageKind.application`.
public enum Application: Sendable {
    /// Supplies the songs: its output of sound files is replaced by the files to rate.
    case songs(OutputPort)
    /// Runs again on the new songs with the same parameters: what it writes about a song depends on that song alone.
    case again
    /// Leaves no trace on a new song: its output is that of an input, with columns that the model looks up by name.
    case passThrough(InputPort)
    /// Independent of songs: its outputs are used as they were stored.
    case stored
    /// Fitted a model, which a stage of another kind applies.
    case model(ModelApplication)
    /// Cannot take part: what it writes about a song depends on other songs, or on what only training songs have.
    case none
}

/// How a fitted model is applied.
public struct ModelApplication: Sendable {
    /// The output that holds the model.
    public let model: OutputPort
    /// The output that holds its predictions.
    public let predictions: OutputPort
    /// The kind that applies it. Its input `model` takes the model, and its output has the name of `predictions`.
    public let kind: String
    /// Maps the name of an input of the fitted stage to the input of `kind` that takes the same of a new song; nil for
    /// an input that only the fit needs, such as labels.
    public let input: @Sendable (_ name: String) -> String?
    /// Further outputs of the fitted stage that `kind` takes on inputs of their names, where the stage wrote them: what
    /// it says about the model's training songs.
    public let references: [OutputPort]

    /// - Parameter input: which inputs the model needs of a new song, and what the applying kind calls them.
    public init(
        _ model: OutputPort, predictions: OutputPort, by kind: String, references: [OutputPort] = [],
        input: @escaping @Sendable (_ name: String) -> String?
    ) {
        self.model = model
        self.predictions = predictions
        self.kind = kind
        self.input = input
        self.references = references
    }

    /// The usual form: the named inputs, under their own names.
    public init(
        _ model: OutputPort, predictions: OutputPort, by kind: String, from inputs: [InputPort],
        references: [OutputPort] = []
    ) {
        let names = Set(inputs.map(\.name))
        self.init(model, predictions: predictions, by: kind, references: references) { names.contains($0) ? $0 : nil }
    }
}
