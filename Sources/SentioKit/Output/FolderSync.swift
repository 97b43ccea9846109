import SentioBase

/// Makes the names in a folder durable: a file renamed into it survives a power failure.
public enum FolderSync {
    /// Syncs the folder. Errors are ignored: some network file systems cannot do it, and there is no alternative.
    public static func synchronize(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}
