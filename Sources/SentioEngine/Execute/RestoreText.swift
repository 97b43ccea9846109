/// What is said about outputs in the user's folder.
enum RestoreText {
    static func sentences(_ restored: WorkspaceOutputs.Restored, stage: String) -> [String] {
        let moved = Set((restored.kept + restored.leftovers).map(\.path))
        let missing = restored.written.filter { !moved.contains($0) }
        var sentences: [String] = []
        if !restored.kept.isEmpty {
            let (was, it) = words(restored.kept)
            sentences.append(
                "\(list(restored.kept.map(\.path))) \(was) changed since `\(stage)` left \(it). What stood there is kept as \(list(restored.kept.map(\.place))); the recorded version is put back from the cache."
            )
        }
        sentences += leftovers(restored.leftovers, stage)
        if !missing.isEmpty { sentences.append("Put back \(list(missing)) from the cache, where it was missing or of another run.") }
        return sentences
    }

    /// - parameter isFirst: whether the stage never left anything before.
    static func sentences(_ cleared: WorkspaceOutputs.Cleared, stage: String, isFirst: Bool) -> [String] {
        var sentences: [String] = []
        if !cleared.kept.isEmpty {
            let (was, it) = words(cleared.kept)
            let why = isFirst ? "there before `\(stage)` first ran" : "changed or added since `\(stage)` left its outputs"
            sentences.append(
                "\(list(cleared.kept.map(\.path))) \(was) \(why). The outputs of a command are empty when it starts, so \(it == "it" ? "it is" : "they are") kept as \(list(cleared.kept.map(\.place)))."
            )
        }
        return sentences + leftovers(cleared.leftovers, stage)
    }

    private static func leftovers(_ files: [WorkspaceOutputs.Moved], _ stage: String) -> [String] {
        guard !files.isEmpty else { return [] }
        return [
            "\(list(files.map(\.path))), which a failed attempt of `\(stage)` left, moved to \(list(files.map(\.place))); `artifacts gc` removes it."
        ]
    }

    private static func words(_ files: [WorkspaceOutputs.Moved]) -> (was: String, it: String) {
        files.count == 1 ? ("was", "it") : ("were", "them")
    }

    private static func list(_ paths: [String]) -> String {
        paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
    }
}
