/// A buffer of numbers with a fixed address, aligned for vector loads. Threads write to disjoint parts.
final class NumberBuffer<Number: BitwiseCopyable> {
    let count: Int
    let start: UnsafeMutablePointer<Number>

    init(_ count: Int, zeroed: Bool = false) {
        self.count = count
        let bytes = max(1, count * MemoryLayout<Number>.stride)
        let storage = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        if zeroed { storage.initializeMemory(as: UInt8.self, repeating: 0, count: bytes) }
        start = storage.bindMemory(to: Number.self, capacity: count)
    }

    deinit { UnsafeMutableRawPointer(start).deallocate() }
}
