/// What is said about outputs in the user's folder.
enum RestoreText {
    static func sentences(_ restored: WorkspaceOutputs.Restored, stage: String) -> [String] {
        let moved = Set((restored.kept + restored.leftovers).map(\.path))
        let missing = restored.written.filter { !moved.contains($0) }
        var sentences: [String] = []
        if !restored.kept.isEmpty {
            let (was, it) = words(restored.kept)
            sentences.append(
                "\(list(restored.kept.map(\.path))) \(was) changed since `\(stage)` left \(it). What stood there is "
                    + "kept as \(list(restored.kept.map(\.place))); the recorded version is put back from the cache."
            )
        }
        sentences += leftovers(restored.leftovers, stage)
        if !missing.isEmpty {
            sentences.append("Put back \(list(missing)) from the cache, where it was missing or of another run.")
        }
        return sentences
    }

    /// When something was moved out of the places of a stage's outputs.
    enum Occasion {
        /// Before its first run, before a later one, or when its record answered.
        case firstRun, laterRun, restored
    }

    static func sentences(_ cleared: WorkspaceOutputs.Cleared, stage: String, _ occasion: Occasion) -> [String] {
        var sentences: [String] = []
        if !cleared.kept.isEmpty {
            let (was, it) = words(cleared.kept), isOne = it == "it", place = list(cleared.kept.map(\.place))
            let empty =
                "The outputs of a command are empty when it starts, so \(isOne ? "it is" : "they are") kept as "
                + "\(place)."
            let ending =
                switch occasion {
                case .firstRun: "\(was) there before `\(stage)` first ran. \(empty)"
                case .laterRun: "\(isOne ? "is" : "are") not what the cache can restore there for `\(stage)`. \(empty)"
                case .restored:
                    "may be what a killed attempt of `\(stage)` left; \(isOne ? "it is" : "they are") kept as \(place)."
                }
            sentences.append("\(list(cleared.kept.map(\.path))) \(ending)")
        }
        return sentences + leftovers(cleared.leftovers, stage)
    }

    private static func leftovers(_ files: [WorkspaceOutputs.Moved], _ stage: String) -> [String] {
        guard !files.isEmpty else { return [] }
        return [
            "\(list(files.map(\.path))), which a failed attempt of `\(stage)` left, moved to "
                + "\(list(files.map(\.place))); `artifacts gc` removes it."
        ]
    }

    private static func words(_ files: [WorkspaceOutputs.Moved]) -> (was: String, it: String) {
        files.count == 1 ? ("was", "it") : ("were", "them")
    }

    private static func list(_ paths: [String]) -> String {
        paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
    }
}
