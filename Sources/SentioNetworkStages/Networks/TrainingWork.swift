import SentioKit
import SentioLearn
import SentioNN

/// The work of a training, in multiply-adds: samples times epochs times the network's cost per sample.
struct TrainingWork {
    /// Typical set sizes of a split, for when only the number of its songs is known.
    static let trainingShare = 0.8, validationShare = 0.1

    let recipe: TrainingRecipe
    /// Everything that changes the speed of a multiply-add: architecture, batch, precision.
    let pace: Value

    /// - parameter operations: the cost of predicting one sample; training on one costs three times as much.
    /// - returns: nil if the number of frames or songs is unknown.
    func workload(of inputs: PortMap<Amount>, operations: (NetworkShape) -> Double) -> Workload? {
        guard let songs = inputs[NetworkTraining.split]?.items,
            let shape = Self.shape(inputs[NetworkTraining.spectrograms], frames: recipe.frames)
        else { return nil }
        let own = Self.trainingShare * songs
        let samples: Double =
            switch recipe.epochSize {
            case .all: inputs[NetworkTraining.training]?.items ?? own
            case .real: own
            case .count(let count): Double(count)
            }
        let watched = recipe.fitOn.contains(.validation) ? 0 : Self.validationShare * songs * Double(recipe.crops)
        let once = operations(shape), epochs = Double(recipe.epochs)
        let total = once * (epochs * (3 * samples + watched) + songs * Double(recipe.crops))
        let speed: Value = [
            "network": pace, "batch": .int(recipe.batch), "precision": .string(recipe.precision.precision.rawValue),
        ]
        return Workload(["operations": total], pace: JSON.text(speed))
    }

    /// Mels and frames of a crop; for whole songs derived from their bytes, four per value.
    static func shape(_ spectrograms: Amount?, frames: Int) -> NetworkShape? {
        let mels = spectrograms?.attributes["n_mels"]?.int ?? 128
        if frames > 0 { return NetworkShape(mels: mels, frames: frames, outputs: 2) }
        guard let bytes = spectrograms?.bytesPerItem, bytes > 0, mels > 0 else { return nil }
        return NetworkShape(mels: mels, frames: max(1, Int(bytes / Double(4 * mels))), outputs: 2)
    }
}

extension AudioSpectrogramTransformer.Configuration {
    /// Multiply-adds of one sample in the forward pass.
    func operations(_ shape: NetworkShape) -> Double {
        func steps(_ length: Int) -> Int { max(1, (length - patch) / max(1, stride) + 1) }
        let rows = max(1, steps(shape.mels) - patchoutRows), columns = max(1, steps(shape.frames) - patchoutColumns)
        let tokens = Double(rows * columns + 1), width = Double(width), hidden = Double(hidden)
        let block = tokens * (4 * width * width + 2 * width * hidden) + 2 * tokens * tokens * width
        return Double(depth) * block + tokens * Double(patch * patch) * width
    }
}

extension CRNN.Configuration {
    /// Multiply-adds of one sample in the forward pass.
    func operations(_ shape: NetworkShape) -> Double {
        let isPicture = form == .spectrogram
        var rows = isPicture ? Double(shape.mels) : 1, columns = Double(shape.frames),
            inputs = isPicture ? 1 : Double(shape.mels),
            sum = 0.0
        for block in blocks {
            let channels = Double(block.channels)
            sum += rows * columns * (isPicture ? 9 * inputs * channels : 3 * channels * (inputs + channels))
            rows = max(1, rows / Double(max(1, block.pool.height)))
            columns = max(1, columns / Double(max(1, block.pool.width)))
            inputs = channels
        }
        var width = rows * inputs
        let gates = cell == .lstm ? 4.0 : 3, directions = isBidirectional ? 2.0 : 1
        for layer in widths.map(Double.init) {
            sum += columns * directions * gates * layer * (width + layer)
            width = directions * layer
        }
        return sum
    }
}
