/// Where a command may write its outputs: below the pipeline's folder.
enum OutputPath {
    /// What is wrong with a path, as a sentence; nil where nothing is.
    /// - parameter mayClimb: whether it may begin with `..`, because it starts in a folder further down.
    static func problem(_ path: String, mayClimb: Bool = false) -> String? {
        if path.isEmpty { return "a path is empty." }
        if path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "a path contains a control character."
        }
        if path.hasPrefix("/") || path.hasPrefix("~") {
            return
                "`\(path)` is not relative. Outputs must be below the pipeline's folder, so that they can be restored."
        }
        let all = path.split(separator: "/", omittingEmptySubsequences: false),
            parts = mayClimb ? all.drop { $0 == ".." } : all[...]
        if parts.contains("..") {
            return "`\(path)` leaves the pipeline's folder. Outputs must be below it, so that they can be restored."
        }
        if parts.contains(".") || parts.contains("") {
            return "`\(path)` is not in its shortest form; remove `.`, `//` and a trailing `/`."
        }
        return nil
    }
}
