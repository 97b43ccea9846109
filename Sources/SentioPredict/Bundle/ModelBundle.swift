import Foundation
public import SentioKit
import SentioPretrained

/// A trained model with everything that rates new songs: the slice of its pipeline, its artifacts, and what a reader
/// must know about it.
///
/// As a file it is a ZIP archive: `bundle.json` (slice, facts, SHA-256 of every file), `pipeline.yaml` (the slice for
/// people), `card.md`, and the artifacts.
public struct ModelBundle: Sendable {
    /// The version of the format that this program writes, and the newest that it reads.
    public static let version = 1
    /// The extension of bundle files, without dot.
    public static let fileExtension = "sentio"
    static let format = "sentio-model"
    static let index = "bundle.json"

    /// The way from sound to rating.
    public var slice: Slice
    /// What it is and how well it did.
    public var facts: ModelFacts
    /// Contents by path in the bundle: `artifacts/ridge-model/ridge.json`.
    public var files: [String: [UInt8]]

    /// Identifies the model: SHA-256 over slice, facts and the hashes of all files.
    public var digest: ContentHash { Hashing.content(Array(JSON.text(body).utf8)) }

    /// Everything in `bundle.json` but the digest.
    private var body: Value {
        [
            "format": .string(Self.format), "version": .int(Self.version), "slice": slice.value, "facts": facts.value,
            "files": .map(files.mapValues { .string(Hashing.content($0).hex) }),
        ]
    }

    /// The model card in Markdown.
    public var card: String { ModelCard(self).markdown }

    /// For programs: slice, facts, files and digest.
    public var summary: Value {
        var all = body.map ?? [:]
        all["schema"] = 1
        all["digest"] = .string(digest.hex)
        return .map(all)
    }

    /// The files of the ZIP archive, by path.
    private var entries: [(name: String, bytes: [UInt8])] {
        var index = body.map ?? [:]
        index["digest"] = .string(digest.hex)
        func text(_ value: Value) -> [UInt8] { Array((JSON.pretty(value) + "\n").utf8) }
        return [
            (Self.index, text(.map(index))), ("pipeline.yaml", text(slice.pipeline)),
            ("card.md", Array(card.utf8)),
        ] + files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The bytes of the bundle file. Equal models are equal bytes.
    /// - Throws: `PredictError` for a model that is too large for the format.
    public func archive() throws -> [UInt8] {
        var writer = ZipWriter()
        do { for entry in entries { try writer.add(entry.name, entry.bytes) } } catch let error as PretrainedError {
            throw PredictError("The bundle cannot be written. \(error)")
        }
        return writer.archive
    }

    /// Writes the slice as a pipeline file with its artifacts below a folder, for the engine. Existing files are
    /// trusted only if they have the right content.
    /// - Returns: the path of the pipeline file.
    /// - Throws: `OutputFileError`, `BlobStoreError`.
    public func unpack(to folder: String) throws -> String {
        let path = folder + "/pipeline.yaml"
        let wanted = files.map { ($0.key, $0.value) } + [("pipeline.yaml", Array(JSON.pretty(slice.pipeline).utf8))]
        for (name, bytes) in wanted {
            let target = folder + "/" + name
            if let there = try? FileBytes.read(target, followsLinks: false), there == bytes { continue }
            try FileManager.default.createDirectory(
                atPath: Paths.directory(of: target), withIntermediateDirectories: true)
            try OutputFile(target).write(bytes)
        }
        return path
    }
}
