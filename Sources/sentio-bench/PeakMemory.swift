import SentioKit

/// The peak memory of this process.
enum PeakMemory {
    /// Resident memory in units of 10⁶ bytes; nil if the system does not report it. Uses Linux's `VmHWM`, which is
    /// reset when a program starts, because `ru_maxrss` includes the parent process.
    static var megabytes: Double? {
        guard let bytes = try? FileBytes.readStream("/proc/self/status") else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }.first.map { $0 * 1024 / 1e6 }
    }
}
