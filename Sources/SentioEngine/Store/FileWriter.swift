import SentioBase
import SentioKit

/// Writes a temporary file that is later renamed to its final place. It is locked meanwhile: an unlocked one is a
/// leftover (`TemporaryName`).
final class FileWriter {
    private let descriptor: Int32
    private let path: String
    private var isOpen = true

    init(path: String) throws(BlobStoreError) {
        while true {
            var opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if opened < 0, errno == ENOENT {
                try Files.makeDirectory(Paths.directory(of: path))
                opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            }
            guard opened >= 0 else { throw .cannotWrite(path: path, reason: FileBytes.systemReason()) }
            guard TemporaryName.hold(opened) else {
                close(opened)
                continue
            }
            descriptor = opened
            self.path = path
            return
        }
    }

    func write(_ bytes: [UInt8]) throws(BlobStoreError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(BlobStoreError) in try write(buffer) }
        }
        try result.get()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(BlobStoreError) {
        let code = DescriptorWrite.all(bytes, to: descriptor)
        guard code == 0 else { throw .cannotWrite(path: path, reason: FileBytes.reason(code)) }
    }

    /// Makes the content durable and gives it its name.
    func finish(renamingTo final: String, mode: mode_t) throws(BlobStoreError) {
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
            throw .cannotWrite(path: path, reason: FileBytes.systemReason())
        }
        var isNamed = rename(path, final) == 0
        if !isNamed, errno == ENOENT {
            try Files.makeDirectory(Paths.directory(of: final))
            isNamed = rename(path, final) == 0
        }
        guard isNamed else { throw .cannotWrite(path: final, reason: FileBytes.systemReason()) }
        // Not earlier: others would take an unlocked file for a leftover.
        close(descriptor)
        isOpen = false
    }

    /// Removes the file, unless `finish` has succeeded.
    func abandon() {
        guard isOpen else { return }
        unlink(path)
        close(descriptor)
        isOpen = false
    }
}
