/// A read position in a buffer, with the semantics of read(2) and lseek(2).
struct MemoryReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func read(into target: UnsafeMutableRawPointer, count: Int) -> Int {
        let taken = max(0, min(count, bytes.count - position))
        if taken > 0, let base = bytes.baseAddress { target.copyMemory(from: base + position, byteCount: taken) }
        position += taken
        return taken
    }

    /// The new position; -1 if it would be outside the buffer.
    mutating func seek(_ offset: Int, whence: CInt) -> Int {
        let origin: Int
        switch Int(whence) {
        case 0: origin = 0  // SEEK_SET
        case 1: origin = position  // SEEK_CUR
        case 2: origin = bytes.count  // SEEK_END
        default: return -1
        }
        let (target, overflow) = origin.addingReportingOverflow(offset)
        guard !overflow, target >= 0, target <= bytes.count else { return -1 }
        position = target
        return target
    }
}
