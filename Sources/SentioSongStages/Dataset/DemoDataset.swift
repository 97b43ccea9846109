import SentioAudio
import SentioBase
import SentioKit
import Synchronization

/// The `demo` songs: generated here, encoded as MP3, with ratings known by construction. They do not depend on the
/// run's seed, so that runs can be compared; song i does not depend on the number of songs.
enum DemoDataset {
    /// - throws: `AudioError.encoding`, `BlobStoreError`, `StageCancelled`.
    static func make(count: Int, context: StageContext) throws -> SongTable {
        let results = Mutex<[Int: Result<SongTable.Song, any Error>]>([:])
        let lanes = max(1, min(context.threads, count))
        Parallel.forEach(lanes, threads: lanes) { lane in
            for index in stride(from: lane, to: count, by: lanes) {
                let result = Result { try song(index, of: count, context) }
                let (done, isFailure) = results.withLock {
                    $0[index] = result
                    return ($0.count, (try? result.get()) == nil)
                }
                if isFailure { return }
                context.services.progress(done: done, of: count, note: "songs generated")
            }
        }
        let made = results.withLock { $0 }
        if let failure = made.sorted(by: { $0.key < $1.key }).first(where: { (try? $0.value.get()) == nil }) {
            _ = try failure.value.get()
        }
        return SongTable(
            dimensions: ["valence", "arousal"], metadataColumns: ["artist", "genre"],
            songs: try (0..<count).compactMap { try made[$0]?.get() })
    }

    private static func song(_ index: Int, of count: Int, _ context: StageContext) throws -> SongTable.Song {
        try context.checkCancelled()
        let song = try DemoSongs.song(index: index, count: count)
        return SongTable.Song(
            id: song.id, file: song.id + ".mp3", audio: try context.store(song.mp3),
            means: [song.valence, song.arousal],
            spreads: [NumberText.short(song.valenceStd), NumberText.short(song.arousalStd)],
            metadata: [song.artist, song.genre])
    }
}
