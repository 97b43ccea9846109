import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// File operations of the workspace, each with the system's reason when it fails.
enum Files {
    /// Makes a folder and those above it.
    static func makeDirectory(_ path: String) throws(BlobStoreError) {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .cannotWrite(path: path, reason: FileBytes.systemReason())
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .cannotWrite(path: path, reason: FileBytes.systemReason()) }
    }

    /// Writes a file whole or not at all: temporary file beside it, fsync, rename.
    static func writeAtomically(_ bytes: [UInt8], to path: String, temporary: String, mode: mode_t = 0o644) throws(BlobStoreError) {
        let writer = try FileWriter(path: temporary)
        do throws(BlobStoreError) {
            try writer.write(bytes)
            try writer.finish(renamingTo: path, mode: mode)
        } catch {
            writer.abandon()
            throw error
        }
    }

    /// Removes a file or a folder with all in it; what is not there is removed already. Never follows links.
    static func remove(_ path: String) {
        if unlink(path) == 0 || errno == ENOENT { return }
        for name in list(path) { remove(path + "/" + name) }
        rmdir(path)
    }

    /// Names in a folder, in byte order, without `.` and `..`; empty where it cannot be read.
    static func list(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A symbolic link; one that stands there is replaced.
    static func link(_ path: String, to target: String) {
        if symlink(target, path) == 0 { return }
        unlink(path)
        _ = symlink(target, path)
    }

    /// Where a symbolic link points to; nil for what is none.
    static func linkTarget(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            let count = readlink(path, buffer.baseAddress!, buffer.count)
            guard count > 0, count < buffer.count else { return nil }
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// A folder, and no link to one.
    static func isDirectoryItself(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Whether the file exists and is a regular file of this size.
    static func isFile(_ path: String, size: Int) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && Int(status.st_size) == size
    }

    /// Puts a copy of a file at a path: whole or not at all. Mode 0644, so that the user can edit it.
    static func copy(_ source: String, to path: String, temporary: String) throws(BlobStoreError) {
        let writer = try FileWriter(path: temporary)
        do throws(BlobStoreError) {
            try readChunks(source) { buffer throws(BlobStoreError) in try writer.write(buffer) }
            try writer.finish(renamingTo: path, mode: 0o644)
        } catch {
            writer.abandon()
            throw error
        }
    }

    /// Hands a file's content over in pieces of 1 MiB.
    static func readChunks(_ path: String, _ body: (UnsafeRawBufferPointer) throws(BlobStoreError) -> Void) throws(BlobStoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: FileBytes.systemReason()) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(path: path, reason: FileBytes.systemReason()) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

/// A file that is being written beside its final place.
final class FileWriter {
    private let descriptor: Int32
    private let path: String
    private var isOpen = true

    init(path: String) throws(BlobStoreError) {
        var opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if opened < 0, errno == ENOENT {
            try Files.makeDirectory(Paths.directory(of: path))
            opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        guard opened >= 0 else { throw .cannotWrite(path: path, reason: FileBytes.systemReason()) }
        descriptor = opened
        self.path = path
    }

    func write(_ bytes: [UInt8]) throws(BlobStoreError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(BlobStoreError) in try write(buffer) }
        }
        try result.get()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(BlobStoreError) {
        var offset = 0
        while offset < bytes.count {
            #if canImport(Glibc)
            let count = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
            #elseif canImport(Musl)
            let count = Musl.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
            #else
            let count = Darwin.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
            #endif
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .cannotWrite(path: path, reason: FileBytes.systemReason()) }
            offset += count
        }
    }

    /// Makes the content durable and gives it its name.
    func finish(renamingTo final: String, mode: mode_t) throws(BlobStoreError) {
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
            throw .cannotWrite(path: path, reason: FileBytes.systemReason())
        }
        close(descriptor)
        isOpen = false
        if rename(path, final) == 0 { return }
        guard errno == ENOENT else { throw .cannotWrite(path: final, reason: FileBytes.systemReason()) }
        try Files.makeDirectory(Paths.directory(of: final))
        guard rename(path, final) == 0 else { throw .cannotWrite(path: final, reason: FileBytes.systemReason()) }
    }

    /// Leaves nothing behind.
    func abandon() {
        if isOpen { close(descriptor) }
        isOpen = false
        unlink(path)
    }
}
