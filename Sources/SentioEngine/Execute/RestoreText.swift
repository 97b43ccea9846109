/// Messages about outputs in the user's folder.
enum RestoreText {
    static func sentences(_ restored: WorkspaceOutputs.Restored, stage: String) -> [String] {
        let moved = Set((restored.kept + restored.leftovers).map(\.path))
        let missing = restored.written.filter { !moved.contains($0) }
        var sentences: [String] = []
        if !restored.kept.isEmpty {
            let (was, it) = words(restored.kept)
            sentences.append(
                "\(list(restored.kept.map(\.path))) \(was) changed after `\(stage)` wrote \(it). The changes are kept "
                    + "in \(list(restored.kept.map(\.place))); the recorded version has been restored from the cache."
            )
        }
        sentences += leftovers(restored.leftovers, stage)
        if !missing.isEmpty {
            sentences.append("Restored \(list(missing)) from the cache: missing, or left by another run.")
        }
        return sentences
    }

    /// When the places of a stage's outputs are cleared: before its first run, before a later one, or when its outputs
    /// are restored.
    enum Occasion { case firstRun, laterRun, restored }

    static func sentences(_ cleared: WorkspaceOutputs.Cleared, stage: String, _ occasion: Occasion) -> [String] {
        var sentences: [String] = []
        if !cleared.kept.isEmpty {
            let moved =
                "\(cleared.kept.count == 1 ? "it was" : "they were") moved to \(list(cleared.kept.map(\.place)))."
            let empty = "Commands start with empty outputs, so \(moved)"
            let ending =
                switch occasion {
                case .firstRun: "existed before `\(stage)` first ran. \(empty)"
                case .laterRun: "cannot be restored from the cache for `\(stage)`. \(empty)"
                case .restored: "may have been left by a killed attempt of `\(stage)`; \(moved)"
                }
            sentences.append("\(list(cleared.kept.map(\.path))) \(ending)")
        }
        return sentences + leftovers(cleared.leftovers, stage)
    }

    private static func leftovers(_ files: [WorkspaceOutputs.Moved], _ stage: String) -> [String] {
        guard !files.isEmpty else { return [] }
        return [
            "Moved \(list(files.map(\.path))), left by a failed attempt of `\(stage)`, to "
                + "\(list(files.map(\.place))); `artifacts gc` deletes \(words(files).it)."
        ]
    }

    private static func words(_ files: [WorkspaceOutputs.Moved]) -> (was: String, it: String) {
        files.count == 1 ? ("was", "it") : ("were", "them")
    }

    private static func list(_ paths: [String]) -> String {
        paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
    }
}
