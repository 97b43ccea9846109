import SentioAudio
import SentioBase
import SentioKit
import Synchronization

/// Reads and decodes the songs of a folder: their lengths, what is damaged, and which are the same file twice.
struct SongSurvey {
    /// Descriptors of rhythm see little of a song below this.
    static let short = 3.0

    private struct Reading: Sendable {
        var hash: ContentHash?
        var seconds: Double?
        var problem: String?
        var warnings: [String] = []
    }

    private(set) var findings: [DatasetInspection.Finding] = []
    private(set) var lengths: DatasetInspection.Lengths?

    /// - parameter songs: paths, in the order of the findings.
    init(_ songs: [String], threads: Int, progress: @Sendable (_ done: Int, _ total: Int) -> Void) {
        let readings = Mutex<[Reading]>(Array(repeating: Reading(), count: songs.count)), done = Mutex(0)
        Parallel.forEach(songs.count, threads: threads) { index in
            let reading = Self.reading(songs[index])
            readings.withLock { $0[index] = reading }
            // Inside the lock, so that the numbers arrive in order.
            done.withLock {
                $0 += 1
                progress($0, songs.count)
            }
        }
        let found = Array(zip(songs, readings.withLock { $0 }))
        for (path, reading) in found {
            if let problem = reading.problem {
                findings.append(
                    .init(
                        .error, path, FindingText.clause(problem),
                        advice: "Replace or delete it; `on_error: skip` at the `decode` stage leaves the song out."))
            }
            findings += reading.warnings.map { DatasetInspection.Finding(.warning, path, FindingText.clause($0)) }
        }
        findings += Self.copies(found)
        let seconds = found.compactMap { path, reading in reading.seconds.map { (path: path, seconds: $0) } }
        lengths = DatasetInspection.Lengths(seconds.map(\.seconds))
        findings += Self.short(seconds)
    }

    private static func reading(_ path: String) -> Reading {
        var reading = Reading()
        do {
            let bytes = try FileBytes.read(path)
            reading.hash = Hashing.content(bytes)
            do {
                let sound = try AudioDecoder(AudioDecoder.Options(sampleRate: nil)).decodeSound(bytes)
                reading.seconds = sound.clip.seconds
                reading.warnings = sound.warnings.map(\.description)
            } catch {
                reading.problem = ForeignSound.sentence(bytes, file: path) ?? "\(error)"
            }
        } catch {
            reading.problem = "\(error)"
        }
        return reading
    }

    /// Songs that are the same file byte for byte.
    private static func copies(_ found: [(String, Reading)]) -> [DatasetInspection.Finding] {
        let groups = Dictionary(grouping: found.filter { $0.1.hash != nil }) { $0.1.hash }.values
        return groups.filter { $0.count > 1 }.map { $0.map(\.0) }.sorted { $0[0] < $1[0] }.map { paths in
            DatasetInspection.Finding(
                .warning, paths[0],
                "the same file byte for byte as \(IDList.text(Array(paths.dropFirst())))",
                advice: "`split` and `cross-validate` treat them as one recording and keep them together; delete all "
                    + "but one, unless each has ratings of its own.")
        }
    }

    private static func short(_ songs: [(path: String, seconds: Double)]) -> [DatasetInspection.Finding] {
        let short = songs.filter { $0.seconds < Self.short }
        guard let first = short.min(by: { $0.seconds < $1.seconds }) else { return [] }
        let limit = NumberText.short(Self.short)
        return [
            DatasetInspection.Finding(
                .warning, first.path,
                "\(IDList.songs(short.count)) \(short.count == 1 ? "is" : "are") shorter than \(limit) s; the shortest "
                    + "is this one, \(NumberText.fixed(first.seconds, 2)) s",
                advice: "Descriptors of rhythm need several seconds. Check that the files are complete.")
        ]
    }
}
