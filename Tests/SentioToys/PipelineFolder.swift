import Foundation
import SentioKit
import SentioSpec

/// A folder of its own with a pipeline file and songs; gone when the test is over.
class PipelineFolder {
    let path: String

    init(at path: String) { self.path = path }

    convenience init() throws { self.init(at: try Self.make()) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Makes a folder for nobody else, with one for songs in it.
    static func make() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/sentio-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path + "/songs", withIntermediateDirectories: true)
        return path
    }

    func song(_ id: String, _ text: String) throws { try TestFiles.write(text, to: "\(path)/songs/\(id).txt") }
    func write(_ text: String, to name: String) throws { try TestFiles.write(text, to: path + "/" + name) }
    func read(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    func pipeline(_ yaml: String, name: String = "p.yaml", profile: String? = nil, sets: [String] = []) throws
        -> Pipeline
    {
        try write(yaml, to: name)
        return try Pipeline(
            path: path + "/" + name, options: LoadOptions(profile: profile, sets: sets), registry: Toys.registry)
    }

    /// All problems of a file, with the folder's own path taken out.
    func problems(_ yaml: String, profile: String? = nil, sets: [String] = []) -> [String] {
        do {
            _ = try pipeline(yaml, profile: profile, sets: sets)
            return []
        } catch let errors as PipelineErrors {
            return errors.diagnostics.map { $0.description.replacingOccurrences(of: path + "/", with: "") }
        } catch {
            return ["\(error)"]
        }
    }
}
