package import SentioKit
import SentioNN

/// An Audio Spectrogram Transformer that predicts ratings from spectrograms.
///
/// The network is that of Gong et al. 2021 as the Sentio study built it: patches of a log-mel spectrogram, a class
/// token, learned positions, pre-norm blocks, a regression head. Trained by AdamW on crops of the training songs; every
/// song's prediction is the mean over evenly spaced crops.
///
/// Outputs: `model` (`weights.safetensors`, parameter names as timm's ViT, and `config.json`; `tools/rebuild_ast.py`
/// rebuilds the network in PyTorch), `predictions` in rating units, `history`. Throws `StageFailure`. Bit-identical for
/// one seed and one number of threads, even across interruptions; the order of summation depends on the number of
/// threads.
///
/// Validation songs used by `patience` or `keep: best` count as seen, and `evaluate` refuses them.
package struct ASTTrainStage: Stage {
    package static let kind = "ast-train"
    package static let version = 2
    package static let summary = "Trains an Audio Spectrogram Transformer that predicts ratings."

    /// What the head reads.
    enum Pooling: String, ParameterChoice { case cls, mean }

    static let training = TrainingParameters(published: ASTPreset.published.recipe, compact: ASTPreset.compact.recipe)
    private static let value = SettingDefaults(
        ASTPreset.published.network,
        presets: [("published", ASTPreset.published.network), ("compact", ASTPreset.compact.network)])
    static let patch = value.parameter(
        "patch", \.patch, in: 1...1024,
        "Side length of a patch.", unit: "mels and frames")
    static let stride = value.parameter(
        "stride", \.stride, in: 1...1024,
        "Step from one patch to the next; below `patch` they overlap (AST's own: 10).")
    static let dim = value.parameter("dim", \.width, in: 1...8192, "Embedding width of the transformer.")
    static let heads = value.parameter("heads", \.heads, in: 1...128, "Attention heads; must divide `dim`.")
    static let depth = value.parameter("depth", \.depth, in: 1...100, "Transformer blocks.")
    static let hidden = value.parameter("ffn", \.hidden, in: 1...65_536, "Width of the feed-forward layers.")
    static let dropout = value.parameter(
        "dropout", { Double(written: $0.dropout) }, in: 0...0.95,
        "Dropout of attention, hidden units, outputs and position embeddings.")
    static let pooling = value.parameter(
        "pooling", { $0.pooling == .cls ? Pooling.cls : .mean },
        "What the head reads: the class token, or the mean of all tokens.")
    static let headHidden = value.parameter(
        "head_hidden", \.headHidden, in: 0...65_536, "Width of the head's hidden layer; 0: a linear head.")
    static let patchout = Parameter(
        "patchout", default: [0, 0], in: 0...100_000,
        "Rows (over mels) and columns (over time) of patches dropped at random from each training sample, which "
            + "shortens steps and varies samples.",
        unit: "patches", source: "Koutini et al. 2022: [4, 40] on 12 x 99")
    static let initial = Parameter<String?>(
        "init", default: .some(nil),
        "A `.safetensors` file of a ViT, DeiT or AST to initialize from, with timm's parameter names; null: random "
            + "weights.",
        isIdentity: false,
        path: PathRule())

    package static let parameters: [any ParameterDefinition] =
        [patch, stride, dim, heads, depth, hidden, dropout, pooling, headHidden, patchout, initial] + training.all
    package static let inputs = NetworkTraining.inputs
    package static let outputs = NetworkTraining.outputs
    package static let application = NetworkTraining.application

    private let configuration: Configuration
    private let recipe: TrainingRecipe
    private let network: AudioSpectrogramTransformer.Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        recipe = try Self.training.recipe(configuration)
        var network = ASTPreset(configuration[TrainingParameters.preset]).network
        func take<T>(_ parameter: Parameter<T?>, _ value: inout T) {
            if let given = configuration[parameter] { value = given }
        }
        let width = network.width, factor = network.hidden / network.width
        take(Self.patch, &network.patch)
        network.stride =
            configuration[Self.stride] ?? (configuration[Self.patch] == nil ? network.stride : network.patch)
        take(Self.dim, &network.width)
        take(Self.heads, &network.heads)
        take(Self.depth, &network.depth)
        // Four times the width, whatever that is, unless it is given.
        if network.width != width { network.hidden = factor * network.width }
        take(Self.hidden, &network.hidden)
        if let dropout = configuration[Self.dropout] { network.dropout = Float(dropout) }
        if let pooling = configuration[Self.pooling] { network.pooling = pooling == .cls ? .cls : .mean }
        take(Self.headHidden, &network.headHidden)
        let patchout = configuration[Self.patchout]
        guard patchout.count == 2 else {
            throw ConfigurationErrors("patchout", "give two numbers, rows and columns of patches, such as [1, 10].")
        }
        (network.patchoutRows, network.patchoutColumns) = (patchout[0], patchout[1])
        self.network = network
        guard network.width % network.heads == 0 else {
            throw ConfigurationErrors(
                "heads", "\(network.heads) heads do not divide a width (`dim`) of \(network.width).")
        }
        guard network.stride <= network.patch else {
            throw ConfigurationErrors(
                "stride", "it must not exceed `patch`, \(network.patch); values between patches would be lost.")
        }
        guard recipe.frames == 0 || recipe.frames >= network.patch else {
            throw ConfigurationErrors(
                "frames", "a crop of \(recipe.frames) frames is shorter than a patch of \(network.patch).")
        }
    }

    package var resources: Resources { Resources(cores: .all, waitsForCores: true) }
    package var drawsRandomNumbers: Bool { recipe.seed == nil }
    package var continuesOver: Set<String> { recipe.isProlonged ? ["epochs"] : [] }
    package var sources: [SourceRequest] {
        configuration[Self.initial].map { [SourceRequest("init", path: $0)] } ?? []
    }

    package var length: Int? { recipe.epochs }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        var speed = network
        (speed.mels, speed.frames, speed.outputs) = (0, 0, 0)
        return TrainingWork(recipe: recipe, pace: ASTPreset.value(speed)).workload(
            of: inputs, operations: network.operations)
    }

    package func run(_ context: StageContext) throws {
        try NetworkTraining(context, recipe).run { shape in
            var network = network
            (network.mels, network.frames, network.outputs) = (shape.mels, shape.frames, shape.outputs)
            guard shape.mels >= network.patch, shape.frames >= network.patch else {
                throw StageFailure(
                    "A patch of \(network.patch) does not fit spectrograms of \(shape.mels) mels x \(shape.frames) "
                        + "frames. Lower `patch`, or raise `frames` or the `n_mels` of mel-extract."
                )
            }
            let grid = network.grid
            guard network.patchoutRows < grid.rows, network.patchoutColumns < grid.columns else {
                throw StageFailure(
                    "`patchout: [\(network.patchoutRows), \(network.patchoutColumns)]` leaves none of the \(grid.rows) "
                        + "rows and \(grid.columns) columns of patches. Lower it, or lower `stride`."
                )
            }
            var trainable = TrainableNetwork(
                network: network.regressor,
                microBatch: 1,
                format: .ast,
                architecture: ASTPreset.value(network))
            if let file = context.sourceFiles("init").first {
                let weights = try ASTInitialWeights(try context.read(file), path: file.path)
                trainable.startingValues = weights.values(
                    for: AudioSpectrogramTransformer(network), log: context.services.log)
            }
            return trainable
        }
    }
}
