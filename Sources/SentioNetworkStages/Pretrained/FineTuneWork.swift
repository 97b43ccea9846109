import SentioAudio
import SentioKit
import SentioLearn
import SentioNN

/// The work of a fine-tuning, in multiply-adds: the frozen layers once per patch, the others in every epoch.
struct FineTuneWork {
    let recipe: TrainingRecipe
    let options: FineTuneOptions

    /// - returns: nil if the number of songs, their length or the network is unknown.
    func workload(of inputs: PortMap<Amount>) -> Workload? {
        guard let songs = inputs[NetworkTraining.split]?.items,
            let bytes = inputs[FineTuneStage.waveforms]?.bytesPerItem,
            let name = inputs[FineTuneStage.weights]?.attributes["architecture"]?.string,
            let architecture = Encoder.Architecture(rawValue: name)
        else { return nil }
        let seconds = bytes / Double(4 * EncoderSpectrogram.sampleRate)
        let whole = max(1, (seconds / EncoderSpectrogram.patchSeconds).rounded(.down))
        let patches = options.patches > 0 ? min(whole, Double(options.patches)) : whole
        let work = EncoderRegressor(architecture.model, patch: Encoder.patch, options.network)
            .operations(patch: Encoder.patch)
        let trained = TrainingWork.trainingShare * songs * Double(options.epochPatches)
        let watched = recipe.fitOn.contains(.validation) ? 0 : TrainingWork.validationShare * songs * patches
        // The backward pass takes twice as long as the forward pass.
        let epochs = Double(recipe.epochs) * (3 * trained + watched)
        let total = songs * patches * (work.below + work.above) + epochs * work.above
        let pace: Value = [
            "network": .string(name), "train": .string(options.network.part.rawValue), "batch": .int(recipe.batch),
            "precision": .string(recipe.precision.precision.rawValue),
        ]
        return Workload(["operations": total], pace: JSON.text(pace))
    }
}
