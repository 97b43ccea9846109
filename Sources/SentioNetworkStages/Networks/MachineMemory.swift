import Foundation
import SentioKit
import SentioNN

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

    /// - parameter shape: of what a network reads at once.
    /// - throws: `StageFailure` where predicting takes more than there is.
    static func require(_ needed: Int, for shape: Shape) throws {
        guard needed > limit else { return }
        throw StageFailure(
            "Predicting with this network needs about \(text(needed)) of memory (inputs of \(shape)), but only "
                + "\(text(limit)) is available. Run with fewer `--jobs`, or on a machine with more memory.")
    }

    /// `1.4 GB`.
    static func text(_ bytes: Int) -> String {
        String(format: bytes < 100_000_000 ? "%.3f GB" : "%.1f GB", locale: nil, Double(bytes) / 1e9)
    }
}
