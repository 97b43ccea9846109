/// A published network: where its weights come from and how they are converted.
public struct PretrainedModel: Sendable {
    /// The Python wheel that contains the weights.
    public struct Wheel: Sendable {
        /// Name of the package on PyPI.
        public let package: String
        /// Version of the package.
        public let version: String
        /// File name of the wheel.
        public let file: String
        let sha256: String
    }

    /// As in `model: musicnn`.
    public let name: String
    /// One sentence for people, with reference and size.
    public let summary: String
    /// The network that the weights belong to: `musicnn`, `vgg`.
    public let architecture: String
    /// SPDX identifier of the license.
    public let licence: String
    /// Where the weights are published.
    public let wheel: Wheel
    /// Prefix of the paths of `.index` and `.data-00000-of-00001` in the wheel.
    let checkpoint: String
    /// Path of the license text in the wheel.
    let licenceFile: String
    /// Meaning of the outputs of the last layer, in order.
    let tags: [String]
    let layout: WeightLayout
    /// `WeightLayout.hash` of the converted tensors.
    let weightsHash: String

    /// All models that can be installed.
    public static let all: [PretrainedModel] = [musicnn, vgg]

    /// The model with this name.
    /// - Parameter suggestion: finds the closest of several names to a misspelled one.
    /// - Throws: `PretrainedError.unknownModel`.
    public static func named(_ name: String, suggestion: (String, [String]) -> String?) throws -> PretrainedModel {
        if let model = all.first(where: { $0.name == name }) { return model }
        throw PretrainedError.unknownModel(name, suggestion: suggestion(name, all.map(\.name)))
    }
}
