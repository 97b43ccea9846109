import SentioKit
import SentioNN
import SentioSongStages

/// Rates songs by a stored transformer or CRNN: the mean over evenly spaced crops of a spectrogram.
struct SpectrogramRater: SongRater {
    private let context: StageContext
    private let reader: SpectrogramReader
    private let predictor: Predictor
    private let dimensions: Int
    private let mels: Int
    private let frames: Int
    private let crops: Int
    private let scaling: SpectrogramScaling

    /// - throws: `ModelFault`, `TrainingError` for a model that is damaged; `StageFailure` for spectrograms unlike those
    ///   of the training.
    init(_ stored: StoredNetwork, _ context: StageContext, _ port: InputPort) throws {
        let input = try stored.config.section("input"), architecture = try stored.config.section("architecture")
        let network: RegressionTrainer.Network, largest: Int
        switch stored.format {
        case .ast:
            let sizes = try ASTPreset.network(architecture)
            (mels, frames, largest) = (sizes.mels, sizes.frames, sizes.mels * sizes.frames)
            network = sizes.regressor
        case .crnn:
            let sizes = try CRNNPreset.network(architecture)
            (mels, frames) = (sizes.height, sizes.frames)
            largest = sizes.height * sizes.frames * (sizes.blocks.map(\.channels).max() ?? 1)
            network = sizes.regressor
        case .fineTune, .sequence: preconditionFailure("The network does not read spectrograms.")
        }
        guard try input.int("frames", in: ModelConfig.frames) == frames else {
            throw input.fault("frames", needs: "`architecture.frames`, \(frames)")
        }
        crops = try input.int("crops", in: 1...1000)
        scaling = try SpectrogramScaling(try input.section("normalisation"))
        dimensions = stored.dimensions.count
        reader = SpectrogramReader(context, port)
        try Self.requireAlike(
            reader.collection.attributes, trained: try input.section("spectrograms").entries, port: port)
        // A network that is too large is refused before it is compiled.
        try MachineMemory.require(MemoryLayout<Float>.stride * largest, for: [mels, frames])
        predictor = try stored.predictor(network, inputShape: [mels, frames], context)
        self.context = context
    }

    var songs: [String] { reader.collection.ids }
    var songsAtOnce: Int { 256 }

    /// Attributes that the model does not record may be anything: a later version of `mel-extract` may have more.
    private static func requireAlike(
        _ found: [String: Value], trained: [String: Value], port: InputPort
    ) throws {
        let different = trained.filter { name, value in !(found[name].map { $0.isSame(as: value) } ?? false) }
        guard !different.isEmpty else { return }
        let list = different.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.prefix(10).map {
            let given = found[$0.key].map { Excerpt.text($0.text) } ?? "missing"
            return "`\(Excerpt.text($0.key))` is \(given), not \(Excerpt.text($0.value.text))"
        }
        throw StageFailure(
            "The spectrograms on `\(port)` differ from those that the model was trained on: "
                + "\(list.joined(separator: "; ")). Make them with the settings of the training.")
    }

    func rate(_ songs: [String]) throws -> RatedSongs {
        let context = context, opened = try reader.open(songs, mels: mels)
        let source = CropSource(songs: opened, dimensions: dimensions, frames: frames, crops: crops, scaling: scaling)
        let predictions = source.averaged(try predictor.predict(source) { _ in try context.checkCancelled() })
        return RatedSongs(predictions: predictions, short: opened.filter { $0.frames < frames }.map(\.song))
    }

    func warn(ofShort songs: [String]) {
        guard !songs.isEmpty else { return }
        context.services.warn(
            "\(IDList.songs(songs.count)) shorter than the \(frames) frames that the network hears at once, and padded "
                + "to fill them: \(IDList.text(songs)).")
    }
}
