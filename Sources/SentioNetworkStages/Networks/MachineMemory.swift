import Foundation
import SentioKit

/// The memory available to this process.
enum MachineMemory {
    /// Bytes of the machine, or of the container that the process runs in if that has less.
    static var limit: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        // Control groups, version 2 and 1; no limit is the word `max` or a huge number.
        let groups = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].compactMap { path in
            (try? FileBytes.readStream(path)).flatMap {
                Int(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }
        return ([machine] + groups.filter { $0 > 0 }).min() ?? machine
    }

    /// `1.4 GB`.
    static func text(_ bytes: Int) -> String {
        String(format: bytes < 100_000_000 ? "%.3f GB" : "%.1f GB", locale: nil, Double(bytes) / 1e9)
    }
}
