import SentioKit

/// The most memory that this process itself has held.
enum PeakMemory {
    /// In units of 10⁶ bytes; nil where the system does not tell. Linux counts `VmHWM` anew for each program that is
    /// started; `ru_maxrss` would include whoever started it.
    static var megabytes: Double? {
        guard let bytes = try? FileBytes.readStream("/proc/self/status") else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }.first.map { $0 * 1024 / 1e6 }
    }
}
