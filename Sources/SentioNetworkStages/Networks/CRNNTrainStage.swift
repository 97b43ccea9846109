package import SentioKit
import SentioNN

/// A convolutional recurrent network that predicts ratings from spectrograms: blocks of convolution, batch norm, ReLU
/// and pooling; LSTM or GRU layers over the remaining time steps; pooling by mean, attention or last step; a regression
/// head.
///
/// `form: 1d` is the network that the Sentio study measured (282,146 parameters at 40 bands and 600 frames):
/// convolutions over time with bands as channels, two LSTM layers in one direction, the last step. Its sizes and 600
/// frames replace the preset's.
///
/// Inputs, outputs, lineage, restarts and determinism are those of `ast-train`. Batch normalization needs a whole
/// batch: songs that do not fill one at the end of an epoch are used in the next.
package struct CRNNTrainStage: Stage {
    package static let kind = "crnn-train"
    package static let version = 2
    package static let summary = "Trains a convolutional recurrent network that predicts ratings."

    /// The recurrent cell.
    enum Cell: String, ParameterChoice { case lstm, gru }
    /// How a sequence becomes one vector.
    enum Pooling: String, ParameterChoice { case mean, attention, last }

    /// What the convolutions run over.
    enum Form: String, ParameterChoice {
        /// Mels and frames, as over an image.
        case picture = "2d"
        /// Frames only; bands are channels.
        case frames = "1d"
    }

    static let form = Parameter(
        "form", default: Form.picture,
        "2d: convolutions over mels and frames; 1d: over frames, with bands as channels and the sizes of the study's "
            + "measured network: channels [64, 128], widths [128, 64], unidirectional, head [64, 32], last step, 600 "
            + "frames.",
        source: "Sentio study")
    static let headDropout = Parameter<[Double]?>(
        "head_dropout", default: .some(nil), in: 0...0.95,
        "Dropout after each hidden layer of the head; null: none, or with `form: 1d` the study's [0.4, 0].")
    static let headL2 = Parameter<Double?>(
        "head_l2", default: .some(nil), in: 0...1000,
        "L2 penalty on the head's hidden layers: this times the sum of their squared weights is added to the loss "
            + "(Keras' `l2`); null: 0, or with `form: 1d` the study's 0.01."
    )
    static let stateDropout = Parameter<Double?>(
        "state_dropout", default: .some(nil), in: 0...0.95,
        "Dropout of the recurrent state between steps, one mask for all steps of a song (Keras' `recurrent_dropout`; "
            + "Gal and Ghahramani 2016); null: 0, or with `form: 1d` the study's 0.2."
    )
    static let training = TrainingParameters(published: CRNNPreset.published.recipe, compact: CRNNPreset.compact.recipe)
    private static let value = SettingDefaults(
        CRNNPreset.published.network,
        presets: [("published", CRNNPreset.published.network), ("compact", CRNNPreset.compact.network)])
    static let channels = value.parameter(
        "channels", { $0.blocks.map(\.channels) }, in: 1...4096, "Channels of each convolution block.")
    static let poolMels = value.parameter(
        "pool_mels", { $0.blocks.map(\.pool.height) }, in: 1...1024, "Pooling size of each block over mels.")
    static let poolFrames = value.parameter(
        "pool_frames", { $0.blocks.map(\.pool.width) }, in: 1...1024, "Pooling size of each block over frames.")
    static let convolutionDropout = value.parameter(
        "conv_dropout", { Double(written: $0.blocks[0].dropout) }, in: 0...0.95, "Dropout after each block.")
    static let cell = value.parameter(
        "cell", { Cell(rawValue: $0.cell.rawValue) ?? .lstm }, "Type of the recurrent layers: lstm or gru.")
    static let widths = value.parameter("widths", \.widths, in: 1...4096, "Width of each recurrent layer.")
    static let isBidirectional = value.parameter(
        "bidirectional", \.isBidirectional, "Whether the recurrent layers are bidirectional.")
    static let recurrentDropout = value.parameter(
        "recurrent_dropout", { Double(written: $0.recurrentDropout) }, in: 0...0.95, "Dropout between recurrent layers."
    )
    static let pooling = value.parameter(
        "pooling", { Pooling(rawValue: $0.pooling.rawValue) ?? .mean },
        "How the time steps are pooled for the head: mean, attention, or last step.")
    static let head = value.parameter(
        "head", { $0.head.map(\.width) }, in: 1...65_536, "Widths of the head's hidden layers; []: a linear head.")

    package static let parameters: [any ParameterDefinition] =
        [
            form, channels, poolMels, poolFrames, convolutionDropout, cell, widths, isBidirectional, recurrentDropout,
            stateDropout, pooling, head, headDropout, headL2,
        ]
        + training.all
    package static let inputs = NetworkTraining.inputs
    package static let outputs = NetworkTraining.outputs
    package static let application = NetworkTraining.application

    private let recipe: TrainingRecipe
    private let network: CRNN.Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        var recipe = try Self.training.recipe(configuration)
        var network = CRNNPreset(configuration[TrainingParameters.preset]).network
        if configuration[Self.form] == .frames {
            network = .featureFrames
            if configuration.values["frames"] == .null { recipe.frames = network.frames }
        }
        self.recipe = recipe
        let channels = configuration[Self.channels] ?? network.blocks.map(\.channels)
        let mels =
            configuration[Self.poolMels]
            ?? (network.form == .featureFrames ? channels.map { _ in 1 } : network.blocks.map(\.pool.height))
        let frames = configuration[Self.poolFrames] ?? network.blocks.map(\.pool.width)
        for (name, list) in [("pool_mels", mels), ("pool_frames", frames)] where list.count != channels.count {
            throw ConfigurationErrors(
                name, "it has \(list.count) numbers for \(channels.count) blocks (`channels`); give one per block.")
        }
        let dropout = configuration[Self.convolutionDropout].map { Float($0) } ?? network.blocks[0].dropout
        network.blocks = channels.indices.map {
            CRNN.Block(channels: channels[$0], pool: Extent(mels[$0], frames[$0]), dropout: dropout)
        }
        if let cell = configuration[Self.cell] { network.cell = cell == .gru ? .gru : .lstm }
        if let widths = configuration[Self.widths] { network.widths = widths }
        if let isBidirectional = configuration[Self.isBidirectional] { network.isBidirectional = isBidirectional }
        if let dropout = configuration[Self.recurrentDropout] { network.recurrentDropout = Float(dropout) }
        if let dropout = configuration[Self.stateDropout] { network.stateDropout = Float(dropout) }
        if let penalty = configuration[Self.headL2] { network.headPenalty = penalty }
        if let pooling = configuration[Self.pooling], let known = CRNN.Pooling(rawValue: pooling.rawValue) {
            network.pooling = known
        }
        if let head = configuration[Self.head] { network.head = head.map { CRNN.Hidden(width: $0) } }
        if let dropout = configuration[Self.headDropout] {
            guard dropout.count == network.head.count else {
                throw ConfigurationErrors(
                    "head_dropout",
                    "it has \(dropout.count) numbers for \(network.head.count) hidden layers (`head`); give one per "
                        + "layer.")
            }
            network.head = zip(network.head, dropout).map { CRNN.Hidden(width: $0.width, dropout: Float($1)) }
        }
        if channels.isEmpty { throw ConfigurationErrors("channels", "give at least one convolution block.") }
        if network.widths.isEmpty { throw ConfigurationErrors("widths", "give at least one recurrent layer.") }
        self.network = network
    }

    package var resources: Resources { Resources(cores: .all, waitsForCores: true) }
    package var drawsRandomNumbers: Bool { recipe.seed == nil }
    package var continuesOver: Set<String> { recipe.isProlonged ? ["epochs"] : [] }

    package var length: Int? { recipe.epochs }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        var speed = network
        (speed.height, speed.frames, speed.outputs) = (0, 0, 0)
        return TrainingWork(recipe: recipe, pace: CRNNPreset.value(speed)).workload(
            of: inputs, operations: network.operations)
    }

    package func run(_ context: StageContext) throws {
        try NetworkTraining(context, recipe).run { shape in
            var network = network
            (network.height, network.frames, network.outputs) = (shape.mels, shape.frames, shape.outputs)
            if let problem = network.problem {
                throw StageFailure(
                    "\(problem) Change `pool_mels`, `pool_frames`, `frames`, or the `n_mels` of mel-extract.")
            }
            return TrainableNetwork(
                network: network.regressor, microBatch: 0, format: .crnn, architecture: CRNNPreset.value(network))
        }
    }
}
