import Foundation
import SentioKit

/// Finds what a command left at its declared paths.
struct OutputCollector {
    /// The pipeline's folder.
    let folder: String

    /// Stores an output: one file, or every file below a folder by its relative name.
    /// - throws: `StageFailure` where nothing is at the path; `BlobStoreError`.
    func collect(
        _ path: String, stage: String, store: (String) throws -> BlobReference, log: (String) -> Void
    ) throws -> (files: [(name: String, blob: BlobReference)], isFolder: Bool) {
        let place = folder + "/" + path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw StageFailure("The command of \(stage) succeeded but did not leave its output `\(path)`. Correct `outs` or the command.")
        }
        guard isFolder.boolValue else { return ([(String(path.split(separator: "/").last ?? "file"), try store(place))], false) }
        return (try Self.files(below: place, log: log).map { ($0, try store(place + "/" + $0)) }, true)
    }

    /// Regular files below a folder (links to files count, links to folders are not followed), in byte order.
    static func files(below folder: String, log: (String) -> Void) throws -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        } catch {
            throw BlobStoreError.cannotRead(path: folder, reason: "the folder cannot be listed")
        }
        return names.filter { name in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
            if !exists { log("not kept, a link to nothing: \(name)") }
            return exists && !isFolder.boolValue
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
