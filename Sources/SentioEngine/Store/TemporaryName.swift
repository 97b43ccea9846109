import SentioBase
import SentioKit

/// Names of in-flight files, `PURPOSE-RANDOM`, and the removal of abandoned ones.
///
/// The writer holds a `flock` on the file or, for a folder, on `NAME.lock` next to it. The lock is released when the
/// process ends, and works even between containers that share a host name and process ids.
enum TemporaryName {
    static func path(in folder: String, purpose: String) -> String {
        "\(folder)/\(purpose)-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    }

    /// Locks a new file. On a file system without locks, nothing is locked and nothing is taken for a leftover.
    /// - Returns: false if another process has just removed it as a leftover.
    static func hold(_ descriptor: Int32) -> Bool {
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        var status = stat()
        return fstat(descriptor, &status) != 0 || status.st_nlink > 0
    }

    /// Removes files and folders that nobody holds.
    static func removeLeftovers(in folder: String, purpose: String) {
        for name in Files.list(folder) where name.hasPrefix(purpose + "-") {
            let path = folder + "/" + name
            if let isGone = isOfGoneProcess(name, purpose: purpose, path) {
                if isGone { Files.remove(path) }
            } else if Files.isDirectoryItself(path) {
                // Its lock is created before it and removed after it, so a folder without a lock is a leftover.
                if isFree(path + TemporaryFolder.lockSuffix) { Files.remove(path) }
            } else if !name.hasSuffix(TemporaryFolder.lockSuffix)
                || !Files.exists(String(path.dropLast(TemporaryFolder.lockSuffix.count)))
            {
                // Names are sorted: a folder comes before its lock.
                if isFree(path) { unlink(path) }
            }
        }
    }

    /// Whether nobody holds a lock on a file; true if there is no such file.
    private static func isFree(_ path: String) -> Bool {
        guard let descriptor = try? WorkspaceFile.open(path, O_RDWR) else { return !Files.exists(path) }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Names of earlier versions, `PURPOSE-HOST-PID-RANDOM`, contain their process: such a file is removed if the
    /// process was on this host, has ended, and the file is older than a day. nil for other names.
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

/// A folder for work in flight, with its lock next to it. It is removed when the object is released.
final class TemporaryFolder {
    static let lockSuffix = ".lock"

    let path: String
    private let descriptor: Int32

    /// Creates the folder and its lock.
    /// - Throws: `BlobStoreError`.
    init(in folder: String, purpose: String) throws(BlobStoreError) {
        while true {
            let path = TemporaryName.path(in: folder, purpose: purpose), lock = path + Self.lockSuffix
            // Processes that the stage starts inherit the lock on purpose: a command that outlives a killed run still
            // works in the folder.
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
