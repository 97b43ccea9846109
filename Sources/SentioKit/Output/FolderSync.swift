import SentioBase

/// Makes the names in a folder durable: after a power cut a file that was renamed into it is there.
public enum FolderSync {
    /// A file system that cannot do that (some network ones) is left alone: there is nothing better to do.
    public static func synchronize(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}
