import SentioBase
import SentioKit

/// Moves files out of the way of an output.
///
/// What a user made or changed goes to `labels.csv.kept-20261130-143000` beside a file, or to
/// `out.kept-20261130-143000/…` beside a folder, so that it does not become part of the output. What a failed attempt
/// left goes below the workspace's `tmp/leftover-…`.
final class KeptAside {
    private let root: String
    private let isFolder: Bool
    private let base: String
    private var place: String?

    /// For a user's files: beside the output, on the same file system. A folder may be a link to another one.
    init(root: String, isFolder: Bool) {
        self.root = root
        self.isFolder = isFolder
        base = root + ".kept-" + RunIdentity.stamp()
    }

    /// For what failed attempts left.
    init(root: String, isFolder: Bool, leftoversOf workspace: Workspace) {
        self.root = root
        self.isFolder = isFolder
        base =
            "\(workspace.path)/tmp/\(Workspace.leftover)\(RunIdentity.stamp())/"
            + "\(root.split(separator: "/").last ?? "out")"
    }

    /// - returns: its new path.
    /// - throws: `BlobStoreError.cannotWrite`.
    func move(_ path: String) throws -> String {
        let target = try target(for: path)
        try Files.move(
            path, to: target, temporary: TemporaryName.path(in: Paths.directory(of: target), purpose: ".sentio"))
        return target
    }

    private func target(for path: String) throws -> String {
        let place = place ?? free(base)
        self.place = place
        try Files.makeDirectory(Paths.directory(of: place))
        guard isFolder, path != root else { return path == root ? place : free(place) }
        let target = place + path.dropFirst(root.count)
        try Files.makeDirectory(Paths.directory(of: target))
        return free(target)
    }

    /// The path if nothing exists there; otherwise the first one with a number that is free.
    private func free(_ path: String) -> String {
        var number = 1, candidate = path
        var status = stat()
        while lstat(candidate, &status) == 0 {
            number += 1
            candidate = "\(path)-\(number)"
        }
        return candidate
    }
}
