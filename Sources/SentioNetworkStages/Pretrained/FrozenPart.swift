import SentioKit
import SentioNN

/// The layers of a fine-tuned network that stay as they were, computed once per patch.
///
/// Their activations are rounded where they are stored (see `StoredSongs`), so whoever applies the network has to go
/// the same way as the training: the undivided network gives other bits.
struct FrozenPart {
    private let sampleShape: Shape
    /// Nil where everything is trained.
    private let activations: FrozenActivations?

    init(_ model: EncoderRegressor, _ encoder: Encoder, threads: Int) {
        sampleShape = model.sampleShape
        activations =
            model.configuration.part == .all
            ? nil : FrozenActivations(encoder.parameters, input: Encoder.patch, threads: threads, model.below)
    }

    /// What the rest of the network reads of songs.
    /// - parameter tellsProgress: whether the patches that are done are reported.
    /// - throws: what the songs throw; `StageCancelled`.
    func songs(_ sound: WaveformSongs, services: any StageServices, tellsProgress: Bool = true) throws
        -> any PatchSongs
    {
        guard let activations else { return sound }
        return try StoredSongs(sound, shape: sampleShape, activations, services: services, tellsProgress: tellsProgress)
    }
}
