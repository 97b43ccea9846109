import SentioAudio
import SentioKit
import SentioNN
import SentioNumerics
import SentioSongStages

/// Memory-mapped songs whose log-mel patches are computed on demand: takes no memory, and a patch may start at any
/// frame.
struct WaveformSongs: PatchSongs {
    let ids: [String]
    private let spectrogram: EncoderSpectrogram
    private let waveforms: [Waveform]
    private let limit: Int

    /// One song's samples, mapped.
    private struct Waveform {
        let bytes: MappedBytes
        let offset: Int
        let count: Int
        var frames: Int { EncoderSpectrogram.frameCount(samples: count) }

        func samples(_ range: Range<Int>) -> [Float] {
            bytes.withBytes { raw in
                range.map { Float(bitPattern: raw.loadUnaligned(fromByteOffset: offset + 4 * $0, as: UInt32.self)) }
            }
        }
    }

    /// Maps songs; they enter the stage's ledger. Songs shorter than a patch are named in a warning.
    /// - parameter limit: maximum number of patches, evenly spaced, that predict a song; 0: all.
    /// - throws: `StageFailure` naming the song, for bytes that are not a waveform; `BlobStoreError`.
    init(_ ids: [String], of collection: InputCollection, limit: Int, spectrogram: EncoderSpectrogram) throws {
        self.ids = ids
        self.limit = limit
        self.spectrogram = spectrogram
        waveforms = try ids.map { id in
            let bytes = try collection.map(id), layout: NpyLayout
            do { layout = try bytes.withBytes { try NpyFile.layout($0) } } catch let error as NpyError {
                throw StageFailure("The waveform of song \(id) on `\(collection.port)` cannot be read. \(error)")
            }
            guard layout.shape.count == 1, layout.shape[0] > 0, layout.element == .float32 else {
                throw StageFailure(
                    "The waveform of song \(id) on `\(collection.port)` has the shape \(layout.shape) and the type "
                        + "'\(layout.element.rawValue)'; [samples] of float32 is needed, as `decode` writes it.")
            }
            return Waveform(bytes: bytes, offset: layout.offset, count: layout.shape[0])
        }
    }

    var shape: Shape { Encoder.patch }

    /// Songs shorter than a patch, which are repeated to fill it.
    var shortIDs: [String] { ids.indices.filter { waveforms[$0].frames < EncoderSpectrogram.frames }.map { ids[$0] } }

    /// Names songs shorter than a patch, if there are any.
    static func warn(ofShort songs: [String], _ services: any StageServices) {
        guard !songs.isEmpty else { return }
        services.warn(
            "\(IDList.songs(songs.count)) shorter than the 3 s that the network hears at once, and repeated to fill "
                + "them: \(IDList.text(songs.sorted())).")
    }

    /// Whole patches one after another, as `embed` takes them.
    private func wholeCount(_ song: Int) -> Int { max(1, waveforms[song].frames / EncoderSpectrogram.frames) }

    func patchCount(of song: Int) -> Int { limit == 0 ? wholeCount(song) : min(limit, wholeCount(song)) }

    func put(_ patch: Int, of song: Int, share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool)
        throws
    {
        let count = patchCount(of: song), last = wholeCount(song) - 1
        let place = count == 1 ? last / 2 : patch * last / (count - 1)
        try put(song, from: place * EncoderSpectrogram.frames, gain: 0, share: share, into: target, adding: adding)
    }

    func putAny(
        of song: Int, gain: Double, share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool,
        _ random: inout Philox
    ) throws {
        let room = waveforms[song].frames - EncoderSpectrogram.frames
        // A song shorter than a patch may start at any of its frames.
        let start = random.nextInt(below: (room >= 0 ? room : waveforms[song].frames - 1) + 1)
        let change = gain > 0 ? gain * (2 * random.nextDouble() - 1) : 0
        try put(song, from: start, gain: change, share: share, into: target, adding: adding)
    }

    private func put(
        _ song: Int, from frame: Int, gain: Double, share: Float, into target: UnsafeMutableBufferPointer<Float>,
        adding: Bool
    ) throws {
        let waveform = waveforms[song], values: [Float]
        do {
            values = try spectrogram.patch(
                from: frame, gain: gain, of: waveform.count, samples: waveform.samples)
        } catch let error as AudioError {
            throw StageFailure("The waveform of song \(ids[song]) cannot be used. \(error)")
        }
        for index in values.indices { target[index] = share * values[index] + (adding ? target[index] : 0) }
    }
}
