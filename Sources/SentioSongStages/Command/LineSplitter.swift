/// Cuts a stream of bytes into lines of bounded length. A carriage return ends a line too, as progress bars use it.
struct LineSplitter {
    private let limit: Int
    private var pending: [UInt8] = []
    private var isCut = false

    init(limit: Int) { self.limit = limit }

    mutating func append(_ bytes: UnsafeRawBufferPointer, _ line: (String) -> Void) {
        for byte in bytes {
            if byte == 0x0A || byte == 0x0D {
                flush(line)
            } else if pending.count < limit {
                pending.append(byte)
            } else {
                isCut = true
            }
        }
    }

    /// Emits the last line if the stream ends without a line end.
    mutating func finish(_ line: (String) -> Void) { flush(line) }

    private mutating func flush(_ line: (String) -> Void) {
        if !pending.isEmpty { line(String(decoding: pending, as: UTF8.self) + (isCut ? " …" : "")) }
        pending.removeAll(keepingCapacity: true)
        isCut = false
    }
}
