import SentioKit
import SentioSpec

/// Where the pipeline file is that was named on the command line: as named, else in the folder `pipelines`, in either
/// place also without its ending. `phase4` and `phase4.yaml` find `pipelines/phase4.yaml`.
struct PipelineLocation {
    /// The file as named.
    let given: String
    /// The file to read: the one that was found, else the name as given.
    let path: String

    private static let endings = [".yaml", ".yml"]
    private static let folder = "pipelines"
    /// Maximum number of files that an error lists.
    private static let listed = 12

    init(_ given: String) {
        self.given = given
        path = Self.candidates(given).first(where: Self.isFile) ?? given
    }

    /// Says that another file than the named one is read; nil if it is the named one.
    var notice: String? {
        guard path != given else { return nil }
        return "Using \(path); \(Paths.isDirectory(given) ? "\(given) is a folder" : "there is no \(given) here")."
    }

    /// Checks that there is something to read.
    /// - Throws: `PipelineErrors` that lists the pipeline files that are there.
    func check() throws {
        guard !Paths.exists(path) else { return }
        do { _ = try FileBytes.read(path) } catch {
            let files = Self.files(in: ".") + Self.files(in: Self.folder)
            throw PipelineErrors(Diagnostic("\(error)\(hint(files))\(Self.list(files))"))
        }
    }

    /// Paths that the name may stand for, the most literal one first.
    private static func candidates(_ given: String) -> [String] {
        let hasEnding = endings.contains { given.hasSuffix($0) }
        let names = [given] + (hasEnding ? [] : endings.map { given + $0 })
        // A name that begins with a folder, such as ./ or ../, means that folder.
        let isBare = !given.hasPrefix("/") && !given.hasPrefix(".")
        return names + (isBare ? names.map { "\(folder)/\($0)" } : [])
    }

    private static func isFile(_ path: String) -> Bool { Paths.exists(path) && !Paths.isDirectory(path) }

    /// The pipeline files in a folder; empty if it cannot be listed.
    private static func files(in folder: String) -> [String] {
        let names = ((try? FolderListing.names(in: folder)) ?? []).map { String(decoding: $0, as: UTF8.self) }
        return names.filter { name in endings.contains { name.hasSuffix($0) } }
            .map { Paths.resolve($0, relativeTo: folder) }.filter(isPipeline)
    }

    /// Whether a YAML file looks like a pipeline rather than, for example, its claims or the configuration of a tool.
    private static func isPipeline(_ path: String) -> Bool {
        guard let bytes = try? FileBytes.read(path, atMost: 1 << 20) else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("stages:") || text.contains("extends:")
    }

    private func hint(_ files: [String]) -> String {
        var paths: [String: String] = [:]
        for file in files.reversed() {
            let name = Paths.name(of: file)
            for spelling in [String(name.prefix { $0 != "." }), name, file] { paths[spelling] = file }
        }
        guard let nearest = Suggestion.nearest(to: given, among: paths.keys), let file = paths[nearest] else {
            return ""
        }
        return " Did you mean `\(file)`?"
    }

    private static func list(_ files: [String]) -> String {
        guard !files.isEmpty else { return "" }
        let more = files.count > listed ? " and \(files.count - listed) more" : ""
        return " Pipeline files here: \(files.prefix(listed).joined(separator: ", "))\(more)."
    }
}
