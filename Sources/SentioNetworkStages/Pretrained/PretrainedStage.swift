package import SentioKit
import SentioNumerics
import SentioPretrained

/// The weights of a network trained elsewhere, as an artifact, so that their content is part of every downstream key.
///
/// Output: one `.safetensors` file in PyTorch's names and orders, whose metadata name architecture, source and licence.
/// They are read from where `sentio-pipeline models get NAME` puts them. Throws `PretrainedError` with that command if
/// they are missing. Deterministic.
package struct PretrainedStage: Stage {
    package static let kind = "pretrained"
    package static let version = 1
    package static let summary = "The weights of a published network, from `sentio-pipeline models get`."

    /// The available networks.
    enum Model: String, ParameterChoice { case musicnn, vgg }

    static let model = Parameter("model", default: Model.musicnn, "The network.")
    static let file = Parameter<String?>(
        "file", default: .some(nil),
        "Other weights of the same network, as `.safetensors`; null: those of `models get`.",
        isIdentity: false, path: PathRule())

    package static let parameters: [any ParameterDefinition] = [model, file]
    package static let inputs: [InputPort] = []
    static let weights = OutputPort("weights", .weights, "One `.safetensors` file.")
    package static let outputs = [weights]
    package static let application = Application.stored

    private let model: PretrainedModel
    private let path: String

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        let name = configuration[Self.model].rawValue
        guard let model = PretrainedModel.all.first(where: { $0.name == name }) else {
            throw ConfigurationErrors("model", "there is no pretrained model `\(name)`.")
        }
        self.model = model
        path = configuration[Self.file] ?? ModelLibrary().path(of: model)
    }

    package var sources: [SourceRequest] { [SourceRequest("weights", path: path, isOptional: true)] }

    package func run(_ context: StageContext) throws {
        guard let file = context.sourceFiles("weights").first else {
            throw PretrainedError.missing(model: model.name, path: path)
        }
        let bytes = try context.read(file)
        let encoder = try Encoder(weights: bytes)
        guard encoder.architecture.rawValue == model.architecture else {
            throw PretrainedError.foreignWeights(
                model: model.name, reason: "\(file.path) says that it is `\(encoder.architecture.rawValue)`")
        }
        try context.write(Self.weights, file: "\(model.name).safetensors", bytes, attributes: encoder.attributes)
        context.services.log("\(model.summary) Licence: \(model.licence).")
    }
}
