import SentioKit

/// Reads spectrograms of songs from a collection and checks them against each other.
struct SpectrogramReader {
    let collection: InputCollection
    private var port: InputPort { collection.port }

    init(_ context: StageContext, _ port: InputPort) { collection = context.collection(port) }

    /// Maps songs; they enter the stage's ledger.
    /// - parameter mels: the number of bands that all must have; nil: that of the first.
    /// - parameter frames: the number of frames that all must have; 0: any number.
    /// - throws: `StageFailure` naming the song that differs; `BlobStoreError`.
    func open(_ songs: [String], mels: Int? = nil, frames: Int = 0) throws -> [SongSpectrogram] {
        var opened: [SongSpectrogram] = []
        opened.reserveCapacity(songs.count)
        for song in songs {
            let spectrogram = try SongSpectrogram(song: song, bytes: try collection.map(song), port: port.name)
            let bands = mels ?? opened.first?.mels ?? spectrogram.mels
            guard spectrogram.mels == bands else {
                throw StageFailure(
                    "The spectrogram of song \(song) on `\(port)` has \(spectrogram.mels) mel bands where "
                        + "\(opened.first.map { "song \($0.song) has" } ?? "the network takes") \(bands). Make all of "
                        + "them with one `mel-extract` stage."
                )
            }
            guard frames == 0 || spectrogram.frames == frames else {
                throw Self.lengths(song, spectrogram.frames, frames)
            }
            opened.append(spectrogram)
        }
        return opened
    }

    /// The length that all have.
    /// - throws: `StageFailure` where they differ.
    func commonFrames(_ spectrograms: [SongSpectrogram]) throws -> Int {
        let frames = spectrograms.first?.frames ?? 0
        if let other = spectrograms.first(where: { $0.frames != frames }) {
            throw Self.lengths(other.song, other.frames, frames)
        }
        return frames
    }

    private static func lengths(_ song: String, _ found: Int, _ frames: Int) -> StageFailure {
        StageFailure(
            "`frames: 0` takes whole spectrograms of equal length, but song \(song) has \(found) frames where the "
                + "others have \(frames). Set `frames` to a crop length, here or in `mel-extract`."
        )
    }
}
