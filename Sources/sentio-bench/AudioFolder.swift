import Foundation
import SentioBase
import Synchronization

/// The audio files in a folder, and a parallel loop over them.
struct AudioFolder {
    let files: [URL]

    init(_ options: Options) throws {
        let folder = URL(fileURLWithPath: try options.text("audio"))
        let all = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { ["mp3", "wav", "flac", "ogg"].contains($0.pathExtension) }
            .sorted { $0.path < $1.path }
        guard !all.isEmpty else {
            throw OptionError(description: "There is no .mp3, .wav, .flac or .ogg file in \(folder.path).")
        }
        files = Array(all.prefix(try options.integer("clips", default: all.count)))
    }

    /// Wall time of reading every file and calling `work` on its bytes.
    func time(threads: Int, _ work: @escaping @Sendable ([UInt8]) throws -> Void) throws -> WorkloadResult {
        let files = files
        let queue = IndexQueue(files.count)
        let failure = Mutex<(any Error)?>(nil)
        let start = ContinuousClock.now
        Parallel.forEach(threads, threads: threads) { _ in
            do {
                while let index = queue.next() { try work([UInt8](try Data(contentsOf: files[index]))) }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        return WorkloadResult(numbers: [
            "clips": Double(files.count), "threads": Double(threads), "seconds": elapsed,
            "seconds_per_clip": elapsed / Double(files.count),
        ])
    }

    static func threads(_ options: Options) throws -> Int {
        try options.integer("threads", default: ProcessInfo.processInfo.activeProcessorCount)
    }
}
