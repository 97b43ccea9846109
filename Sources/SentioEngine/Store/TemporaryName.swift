import SentioBase
import SentioKit

/// Names of in-flight files, `PURPOSE-RANDOM`, and which of them nobody works on any more.
///
/// Who writes one holds a `flock` on it, or, for a folder, on `NAME.lock` beside it. The lock dies with the process,
/// whatever its number and wherever it runs: two containers may share a host name and process numbers, and still see
/// each other's.
enum TemporaryName {
    static func path(in folder: String, purpose: String) -> String {
        "\(folder)/\(purpose)-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    }

    /// Holds a file that was just made. Where the file system has no locks nothing is held, and nothing is taken for a
    /// leftover.
    /// - returns: false where somebody who cleaned up at this very moment took it for one.
    static func hold(_ descriptor: Int32) -> Bool {
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        var status = stat()
        return fstat(descriptor, &status) != 0 || status.st_nlink > 0
    }

    /// Removes what nobody holds any more.
    static func removeLeftovers(in folder: String, purpose: String) {
        for name in Files.list(folder) where name.hasPrefix(purpose + "-") {
            let path = folder + "/" + name
            if let isGone = isOfGoneProcess(name, purpose: purpose, path) {
                if isGone { Files.remove(path) }
            } else if Files.isDirectoryItself(path) {
                // Its lock was made before it and goes after it: without one it is a leftover.
                if isFree(path + TemporaryFolder.lockSuffix) { Files.remove(path) }
            } else if !name.hasSuffix(TemporaryFolder.lockSuffix)
                || !Files.exists(String(path.dropLast(TemporaryFolder.lockSuffix.count)))
            {
                // Names come in order: a folder before its lock.
                if isFree(path) { unlink(path) }
            }
        }
    }

    /// Whether nobody holds a lock on a file; true where there is no such file.
    private static func isFree(_ path: String) -> Bool {
        guard let descriptor = try? WorkspaceFile.open(path, O_RDWR) else { return !Files.exists(path) }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Names of earlier versions, `PURPOSE-HOST-PID-RANDOM`, say whose they are: removed a day after their process of
    /// this host is gone. nil for other names.
    private static func isOfGoneProcess(_ name: String, purpose: String, _ path: String) -> Bool? {
        let parts = name.dropFirst(purpose.utf8.count + 1).split(separator: "-")
        guard parts.count >= 3, let process = Int32(parts[parts.count - 2]), process > 0 else { return nil }
        guard name.hasPrefix("\(purpose)-\(HostInfo.name)-"), kill(process, 0) != 0, errno == ESRCH else {
            return false
        }
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mtim.tv_sec < time(nil) - 86_400
    }
}

/// A folder for work in flight, with its lock beside it; gone with the object.
final class TemporaryFolder {
    static let lockSuffix = ".lock"

    let path: String
    private let descriptor: Int32

    /// - throws: `BlobStoreError`.
    init(in folder: String, purpose: String) throws(BlobStoreError) {
        while true {
            let path = TemporaryName.path(in: folder, purpose: purpose), lock = path + Self.lockSuffix
            // Inherited by what the stage starts, on purpose: a command that outlives a killed run still works in its
            // folder.
            guard let descriptor = try WorkspaceFile.open(lock, O_RDWR | O_CREAT | O_EXCL, isInherited: true) else {
                continue
            }
            guard TemporaryName.hold(descriptor) else {
                close(descriptor)
                continue
            }
            do { try Files.makeDirectory(path) } catch {
                close(descriptor)
                unlink(lock)
                throw error
            }
            self.path = path
            self.descriptor = descriptor
            return
        }
    }

    deinit {
        Files.remove(path)
        unlink(path + Self.lockSuffix)
        close(descriptor)
    }
}
