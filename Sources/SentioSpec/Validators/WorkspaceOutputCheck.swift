import SentioKit

/// No two stages write the same file, or one inside a folder that the other writes; and no stage depends on a file that
/// it writes, which would change its own key. Compares places, not spellings of paths.
enum WorkspaceOutputCheck: PipelineCheck {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic] {
        var places = Places(below: pipeline.directory)
        /// By place: the stage, and the path as it is written there.
        var owners: [String: (stage: String, path: String)] = [:], problems: [Diagnostic] = []
        func report(_ sentence: String, _ stage: String) {
            problems.append(pipeline.file.diagnostic(sentence, at: pipeline.origin(of: stage)))
        }
        for node in pipeline.nodes {
            let outputs = node.outputs.compactMap { $0.workspacePath.map(Paths.normalized) }
            if outputs.isEmpty { continue }
            let sources = node.stage.sources.map { (path: Paths.normalized($0.path), place: places.place(of: $0.path)) }
            for path in outputs {
                let place = places.place(of: path)
                if let source = sources.first(where: { overlap($0.place, place) }) {
                    report(
                        source.path == path
                            ? "`\(path)` is both a source and an output of \(node.name)."
                            : source.place == place
                                ? "`\(source.path)`, a source of \(node.name), is also its output `\(path)`."
                                : "`\(source.path)`, a source of \(node.name), overlaps its output `\(path)`.",
                        node.name)
                }
                if let owner = owners.updateValue((node.name, path), forKey: place) {
                    let other = owner.path == path ? "" : ", which calls it `\(owner.path)`,"
                    report("`\(path)` is an output of both \(owner.stage)\(other) and \(node.name).", node.name)
                }
            }
        }
        for (place, owner) in owners.sorted(by: { $0.key < $1.key }) {
            var parent = place
            while let slash = parent.lastIndex(of: "/") {
                parent = String(parent[..<slash])
                if let other = owners[parent] {
                    report(
                        "`\(owner.path)` of \(owner.stage) lies inside `\(other.path)`, an output of \(other.stage).",
                        owner.stage)
                }
            }
        }
        return problems
    }

    private static func overlap(_ left: String, _ right: String) -> Bool {
        left == right || lies(left, in: right) || lies(right, in: left)
    }

    private static func lies(_ place: String, in folder: String) -> Bool {
        folder == "/" || place.hasPrefix(folder + "/")
    }
}
