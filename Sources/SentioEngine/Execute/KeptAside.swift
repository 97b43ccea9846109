import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where what the user changed goes before an output is written over it: `labels.csv.kept-20261130-143000` beside a file,
/// `out.kept-20261130-143000/…` beside a folder, so that it does not become part of the output.
final class KeptAside {
    private let root: String
    private let isFolder: Bool
    private var place: String?

    init(root: String, isFolder: Bool) {
        self.root = root
        self.isFolder = isFolder
    }

    /// - returns: where it is now.
    func move(_ path: String) throws -> String {
        let target = try target(for: path)
        guard rename(path, target) == 0 else { throw BlobStoreError.cannotWrite(path: target, reason: FileBytes.systemReason()) }
        return target
    }

    /// - returns: where the copy is.
    func copy(_ path: String) throws -> String {
        let target = try target(for: path)
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o644
        let temporary = TemporaryName.path(in: Paths.directory(of: target), purpose: ".sentio")
        try Files.copy(path, to: target, temporary: temporary, mode: mode)
        return target
    }

    private func target(for path: String) throws -> String {
        let place = place ?? free(root + ".kept-" + RunIdentity.stamp())
        self.place = place
        guard isFolder, path != root else { return path == root ? place : free(place) }
        let target = place + path.dropFirst(root.count)
        try Files.makeDirectory(Paths.directory(of: target))
        return free(target)
    }

    /// The path, or the first with a number that nothing stands at.
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
