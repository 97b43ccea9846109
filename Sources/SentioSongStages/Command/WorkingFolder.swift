import SentioKit

/// `wdir:` as in DVC: where a command runs, and where its paths start.
struct WorkingFolder: Sendable, Equatable {
    /// Relative to the pipeline's folder; nil: that folder.
    let path: String?

    /// A path of the stage as seen from the pipeline's folder, in its shortest form.
    func place(_ path: String) -> String {
        guard let folder = self.path, !path.hasPrefix("/") else { return path }
        return Paths.normalized(folder + "/" + path)
    }

    /// The folder itself, relative to where the program runs.
    func directory(below pipeline: String) -> String { path.map { pipeline + "/" + $0 } ?? pipeline }

    /// What is wrong with it, as a sentence; nil if nothing is.
    var problem: String? {
        guard let path else { return nil }
        if path.isEmpty || path.utf8.contains(0) { return "the folder is missing." }
        return path.hasPrefix("/") || path.hasPrefix("~")
            ? "`\(path)` is not relative; give a path relative to the pipeline file." : nil
    }
}
