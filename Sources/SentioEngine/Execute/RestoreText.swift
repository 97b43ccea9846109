/// What is said about outputs in the user's folder.
enum RestoreText {
    static func sentences(_ restored: WorkspaceOutputs.Restored, stage: String) -> [String] {
        let edited = Set(restored.kept.map(\.path))
        let missing = restored.written.filter { !edited.contains($0) }
        var sentences: [String] = []
        if !restored.kept.isEmpty {
            let verb = restored.kept.count == 1 ? "was" : "were"
            sentences.append(
                "\(list(restored.kept.map(\.path))) \(verb) changed since `\(stage)` left \(restored.kept.count == 1 ? "it" : "them"). What stood there is kept as \(list(restored.kept.map(\.copy))); the recorded version is put back from the cache."
            )
        }
        if !missing.isEmpty { sentences.append("Put back \(list(missing)) from the cache, where it was missing or of another run.") }
        return sentences
    }

    static func sentences(_ kept: WorkspaceOutputs.Kept, stage: String) -> [String] {
        func sentence(_ files: [(path: String, copy: String)], _ why: (_ isOne: Bool) -> String) -> [String] {
            guard !files.isEmpty else { return [] }
            return ["\(list(files.map(\.path))) \(why(files.count == 1)) A copy is kept as \(list(files.map(\.copy)))."]
        }
        return sentence(kept.edited) { isOne in
            "\(isOne ? "was" : "were") changed since `\(stage)` left \(isOne ? "it" : "them"). `\(stage)` runs again now and may overwrite that."
        }
            + sentence(kept.found) { isOne in
                "\(isOne ? "was" : "were") there before `\(stage)` first ran, which may overwrite \(isOne ? "it" : "them")."
            }
    }

    private static func list(_ paths: [String]) -> String {
        paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
    }
}
