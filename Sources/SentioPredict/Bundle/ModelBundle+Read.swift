import Foundation
public import SentioKit
import SentioPretrained

extension ModelBundle {
    /// Files of a bundle may be this large: a transformer of 250 million parameters.
    static let fileLimit = 1 << 30
    static let archiveLimit = 1 << 31

    /// Whether a file looks like a bundle: a ZIP archive by its first bytes.
    public static func isBundle(_ path: String) -> Bool {
        guard !Paths.isDirectory(path), let file = FileHandle(forReadingAtPath: path),
            let start = try? file.read(upToCount: 4)
        else { return false }
        return Array(start) == [0x50, 0x4B, 0x03, 0x04]
    }

    /// Reads and verifies a bundle file. Nothing in it is trusted: lengths are bounded before memory is taken, no path
    /// leaves the folder, every file must have its recorded SHA-256, and the slice must only apply models.
    /// - Throws: `PredictError` saying what is wrong; `BlobStoreError` where the file cannot be read.
    public init(path: String, registry: StageRegistry) throws {
        func bad(_ problem: String) -> PredictError { PredictError("\(path) is not a usable model bundle: \(problem)") }
        let archive: ZipArchive, index: Value
        do {
            archive = try ZipArchive(
                try FileBytes.read(path, atMost: Self.archiveLimit), limit: Self.fileLimit)
            index = try JSON.parse(try archive.read(Self.index))
        } catch let error as PretrainedError {
            guard case .archive(let reason) = error else { throw error }
            throw bad("\(reason). Export it again with `sentio-pipeline models export`.")
        } catch let error as JSONError {
            throw bad("\(Self.index): \(error)")
        }
        guard index["format"]?.string == Self.format, let version = index["version"]?.int else {
            throw bad("\(Self.index) does not name the format \(Self.format).")
        }
        guard version <= Self.version else {
            throw bad(
                "it has version \(version) of the format, and this program reads version \(Self.version). Update "
                    + "Sentio to read it.")
        }
        guard let slice = Slice(index["slice"]), let facts = ModelFacts(index["facts"]),
            let hashes = index["files"]?.map, let digest = index["digest"]?.string
        else { throw bad("\(Self.index) is damaged.") }
        try slice.check(registry)
        var files: [String: [UInt8]] = [:]
        for (name, hash) in hashes {
            guard FolderShape.isInside(name), name.hasPrefix("artifacts/") else {
                throw bad("it names the file `\(Excerpt.text(name))`, which is not below `artifacts/`.")
            }
            let content: [UInt8]
            do { content = try archive.read(name) } catch let error as PretrainedError {
                guard case .archive(let reason) = error else { throw error }
                throw bad("\(reason).")
            }
            guard hash.string == Hashing.content(content).hex else {
                throw bad("`\(name)` does not have the SHA-256 that \(Self.index) records. It was changed or damaged.")
            }
            files[name] = content
        }
        self.init(slice: slice, facts: facts, files: files)
        // Over what was read, not over what this version would write: a later version may add facts.
        let read = (index.map ?? [:]).filter { $0.key != "digest" }
        guard digest == Hashing.content(Array(JSON.text(.map(read)).utf8)).hex else {
            throw bad("\(Self.index) does not have its recorded digest. It was changed or damaged.")
        }
    }
}
