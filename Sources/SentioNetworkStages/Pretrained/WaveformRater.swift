import SentioAudio
import SentioKit
import SentioNN
import SentioSongStages

/// Rates songs by a stored fine-tuned encoder: the mean over patches of 3 s.
struct WaveformRater: SongRater {
    private let context: StageContext
    private let collection: InputCollection
    private let spectrogram: EncoderSpectrogram
    private let frozen: FrozenPart
    private let predictor: Predictor
    private let dimensions: Int
    private let patches: Int
    private let contextCount: Int
    /// The collection that all songs are taken to be from; nil: what the collections have in common.
    private let place: Int?

    /// - parameter collection: the name of the collection that all songs are taken to be from.
    /// - throws: `ModelFault`, `TrainingError`, `PretrainedError` for a model that is damaged; `StageFailure` for
    ///   waveforms at another sample rate, and for a collection that the model does not know.
    init(_ stored: StoredNetwork, _ context: StageContext, _ port: InputPort, from name: String?) throws {
        let input = try stored.config.section("input"), architecture = try stored.config.section("architecture")
        let sizes = try FineTuneArchitecture(architecture)
        for (name, known) in [
            ("sample_rate", EncoderSpectrogram.sampleRate), ("frames", EncoderSpectrogram.frames),
            ("mels", EncoderSpectrogram.bands),
        ] where try input.int(name, in: 1...Int.max) != known {
            throw input.fault(name, needs: "\(known), which the encoders read")
        }
        patches = try input.int("patches", in: 0...100_000)
        place = try name.map { try Self.place(of: $0, among: sizes.contexts) }
        let encoder = try Encoder(stored.weights)
        guard encoder.architecture == sizes.encoder else {
            throw architecture.fault("encoder", needs: "`\(encoder.architecture.rawValue)`, as in its weights")
        }
        collection = context.collection(port)
        try Encoder.requireRate(collection.attributes)
        spectrogram = try EncoderSpectrogram()
        let model = EncoderRegressor(encoder.model, patch: Encoder.patch, sizes.network)
        predictor = try stored.predictor(
            RegressionTrainer.Network(model) { $0($1) }, inputShape: model.inputShape, context)
        frozen = FrozenPart(model, encoder, threads: context.threads)
        (dimensions, contextCount) = (stored.dimensions.count, sizes.contexts.count)
        self.context = context
    }

    private static func place(of name: String, among known: [String]) throws -> Int {
        guard !known.isEmpty else { throw Self.noCollections(name) }
        guard let place = known.firstIndex(of: name) else {
            let hint = Suggestion.nearest(to: name, among: known).map { " Did you mean `\(Excerpt.text($0))`?" } ?? ""
            throw StageFailure(
                "`context: \(Excerpt.text(name))` is no collection that the model was trained on; it knows "
                    + "\(IDList.text(known)).\(hint)")
        }
        return place
    }

    /// The failure of a `context` for a model that treats all songs alike.
    static func noCollections(_ name: String) -> StageFailure {
        StageFailure(
            "`context: \(Excerpt.text(name))` does not apply: the model does not tell collections apart. Remove "
                + "`context`.")
    }

    var songs: [String] { collection.ids }
    /// Stored activations of a song of four minutes take 17 MB.
    var songsAtOnce: Int { 16 }

    func rate(_ songs: [String]) throws -> RatedSongs {
        let context = context
        let sound = try WaveformSongs(songs, of: collection, limit: patches, spectrogram: spectrogram)
        let source = PatchPredictionSource(
            songs: try frozen.songs(sound, services: context.services, tellsProgress: false),
            contexts: songs.map { _ in place }, contextCount: contextCount, dimensions: dimensions)
        let predictions = source.averaged(try predictor.predict(source) { _ in try context.checkCancelled() })
        return RatedSongs(predictions: predictions, short: sound.shortIDs)
    }

    func warn(ofShort songs: [String]) { WaveformSongs.warn(ofShort: songs, context.services) }
}
