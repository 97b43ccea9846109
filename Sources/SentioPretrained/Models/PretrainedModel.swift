/// A published network whose weights can be had: where they are, how they are read, what it hears.
public struct PretrainedModel: Sendable {
    /// A Python wheel, known by its hash.
    public struct Wheel: Sendable {
        public let package: String
        public let version: String
        public let file: String
        public let sha256: String
    }

    /// As in `model: musicnn`.
    public let name: String
    public let summary: String
    /// The network that the weights belong to: `musicnn`, `vgg`.
    public let architecture: String
    public let licence: String
    public let wheel: Wheel
    /// Of the wheel: where `.index` and `.data-00000-of-00001` lie, and the licence's text.
    let checkpoint: String
    let licenceFile: String
    /// What the outputs of its last layer mean, in order.
    public let tags: [String]
    let layout: WeightLayout
    /// SHA-256 of the tensors that come of it, as `WeightLayout.hash` reads them.
    public let weightsHash: String

    public static let all: [PretrainedModel] = [musicnn, vgg]

    /// - Throws: `PretrainedError.unknownModel`.
    public static func named(_ name: String, suggestion: (String, [String]) -> String?) throws -> PretrainedModel {
        if let model = all.first(where: { $0.name == name }) { return model }
        throw PretrainedError.unknownModel(name, suggestion: suggestion(name, all.map(\.name)))
    }
}
