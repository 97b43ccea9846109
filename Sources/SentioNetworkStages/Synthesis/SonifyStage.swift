import SentioAudio
import SentioBase
package import SentioKit
import SentioNumerics
import SentioSongStages

/// Converts log-mel spectrograms back to audio for listening: recovers the power of each frequency from the mel bands,
/// then the phases by Griffin-Lim, and writes mono WAV files.
///
/// Takes real and generated spectrograms, in dB as `mel-extract` writes them (`normalisation: none`), whose attributes
/// describe how they were made. If 0 dB is each song's own maximum, its loudness is unknown, and the loudest sample is
/// scaled to 0.9. Throws `StageFailure`. Deterministic.
package struct SonifyStage: Stage {
    package static let kind = "sonify"
    package static let version = 1
    package static let summary = "Converts spectrograms back to audio, as WAV files to listen to."

    static let count = Parameter(
        "count", default: 10, in: 0...1_000_000,
        "Number of spectrograms to convert, evenly spaced by id; 0: all.")
    static let ids = Parameter<[String]>("ids", default: [], "Ids of the items to convert; empty: chosen by `count`.")
    static let frames = Parameter(
        "frames", default: 0, in: 0...1_000_000,
        "Length of the part to convert, from the middle of each spectrogram; 0: all of it. For comparing songs with "
            + "synthetic items of that length.",
        unit: "frames", keepsDefaultInKey: false)
    static let iterations = Parameter(
        "iterations", default: 32, in: 0...10_000, "Griffin-Lim iterations.", source: "librosa")
    static let momentum = Parameter(
        "momentum", default: 0.99, in: 0...0.9999,
        "Momentum of Griffin-Lim; 0: the original algorithm.", source: "librosa")
    static let melIterations = Parameter(
        "mel_iterations", default: 64, in: 1...10_000,
        "Iterations of the mel inversion, from mel bands to frequencies.")
    static let seed = Parameter("seed", default: 0, "Seed of the initial phases.")

    package static let parameters: [any ParameterDefinition] = [
        count, ids, frames, iterations, momentum, melIterations, seed,
    ]
    static let spectrograms = InputPort(
        "spectrograms", anyOf: [.spectrograms, .labelledSpectrograms], "Log-mel spectrograms in dB.")
    package static let inputs = [spectrograms]
    static let audio = OutputPort("audio", .audioFiles, "WAV, mono, 16 bit.")
    package static let outputs = [audio]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package var resources: Resources { Resources(cores: .all) }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        guard let all = inputs[Self.spectrograms] else { return nil }
        let ids = configuration[Self.ids].count, count = configuration[Self.count]
        let sounds = ids > 0 ? Double(ids) : count > 0 ? min(Double(count), all.items) : all.items
        var amounts = ["sounds": sounds]
        if let bytes = all.bytesPerItem { amounts["bytes"] = sounds * bytes }
        return Workload(amounts, pace: "\(configuration[Self.iterations]) \(configuration[Self.melIterations])")
    }

    package func run(_ context: StageContext) throws {
        let collection = context.collection(Self.spectrograms), chosen = try choose(collection.ids)
        let settings = try Self.settings(collection.attributes),
            inverse = try MelInverse(settings, iterations: configuration[Self.melIterations])
        let griffinLim = GriffinLim(
            try STFT(fftSize: settings.fftSize, hopLength: settings.hopLength),
            iterations: configuration[Self.iterations],
            momentum: configuration[Self.momentum])
        let seed = UInt64(bitPattern: Int64(configuration[Self.seed])), normalises = settings.reference == .maximum
        let entries = try chosen.enumerated().map { done, id in
            try context.checkCancelled()
            let song = try SongSpectrogram(song: id, bytes: try collection.map(id), port: Self.spectrograms.name)
            guard song.mels == settings.mels else {
                throw StageFailure(
                    "The spectrogram \(id) has \(song.mels) mel bands where the attributes of `spectrograms` say "
                        + "\(settings.mels)."
                )
            }
            let range = try part(of: song)
            var values = [Float](repeating: 0, count: song.mels * range.count)
            values.withUnsafeMutableBufferPointer {
                song.put(range, into: $0, width: range.count, column: 0, scale: 1, shift: 0, adding: false)
            }
            let magnitudes = inverse.magnitudes(Spectrogram(bands: song.mels, frames: range.count, values: values))
            let samples = griffinLim.samples(magnitudes, seed: seed)
            context.services.progress(done: done + 1, of: chosen.count, note: "sounds")
            // Rounds toward zero because version 1 did, and other bytes would be another artifact.
            let bytes = WAVFile.bytes(
                PeakLevel.scaled(samples, normalises: normalises), sampleRate: settings.sampleRate,
                rounding: .towardZero)
            return Manifest.Entry(id: id, file: id + ".wav", blob: try context.store(bytes))
        }
        try context.writeCollection(
            Self.audio, entries, fitted: Lineage(), attributes: ["sample_rate": .int(settings.sampleRate)])
        context.services.metric("sounds", Double(entries.count))
    }

    /// The frames to convert.
    private func part(of song: SongSpectrogram) throws -> Range<Int> {
        let wanted = configuration[Self.frames], length = wanted == 0 ? song.frames : wanted
        guard length > 1 else {
            throw StageFailure(
                "\(wanted == 0 ? "The spectrogram \(song.song) has only one frame" : "`frames: 1` is only one frame"), "
                    + "which is no sound. \(wanted == 0 ? "Leave it out, or give `ids`." : "Raise it.")"
            )
        }
        guard length <= song.frames else {
            throw StageFailure(
                "The spectrogram \(song.song) has \(song.frames) frames, fewer than `frames`, \(wanted). Lower "
                    + "`frames`, or give `ids`."
            )
        }
        let start = (song.frames - length) / 2
        return start..<start + length
    }

    private func choose(_ all: [String]) throws -> [String] {
        let wanted = configuration[Self.ids], known = Set(all)
        if let absent = wanted.first(where: { !known.contains($0) }) {
            throw StageFailure(
                "`ids` names \(absent), which is not among the \(all.count) spectrograms (the first is "
                    + "\(all.first ?? "none"))."
            )
        }
        if !wanted.isEmpty { return Array(Set(wanted)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
        let count = configuration[Self.count] == 0 ? all.count : min(configuration[Self.count], all.count)
        return (0..<count).map { all[$0 * all.count / count] }
    }

    /// How the spectrograms were made.
    private static func settings(_ attributes: [String: Value]) throws -> LogMelSpectrogram.Settings {
        func missing(_ name: String) -> StageFailure {
            StageFailure(
                "The spectrograms lack the attribute `\(name)`, which is needed to convert them to audio. Make them "
                    + "with `mel-extract`."
            )
        }
        func whole(_ name: String) throws -> Int {
            guard let value = attributes[name]?.int else { throw missing(name) }
            return value
        }
        func number(_ name: String) throws -> Double {
            guard let value = attributes[name]?.double else { throw missing(name) }
            return value
        }
        if let normalisation = attributes["normalisation"]?.string, normalisation != "none" {
            throw StageFailure(
                "The spectrograms are normalized (`normalisation: \(normalisation)`), so the levels of the bands are "
                    + "lost. Make them with `normalisation: none`."
            )
        }
        guard let reference = attributes["reference"].flatMap({ MelReference(parameter: $0) }) else {
            throw missing("reference")
        }
        return LogMelSpectrogram.Settings(
            sampleRate: try whole("sample_rate"), fftSize: try whole("n_fft"), hopLength: try whole("hop_length"),
            mels: try whole("n_mels"),
            minHz: try number("fmin"), maxHz: try number("fmax"), reference: reference.setting, topDecibels: nil)
    }
}
