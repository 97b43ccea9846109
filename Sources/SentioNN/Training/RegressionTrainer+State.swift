public import SentioNumerics

extension RegressionTrainer {
    /// Everything that the rest of the training depends on; valid between epochs and between steps.
    public var state: SafetensorsFile {
        var file = SafetensorsFile(metadata: ["epoch": "\(epoch)", "steps": "\(optimizerState.steps)"])
        for (prefix, block) in blocks {
            for entry in parameters.entries {
                let values = UnsafeBufferPointer(start: block.pointer + entry.offset, count: entry.count)
                file.tensors[prefix + entry.name] = .init(shape: entry.parameter.shape.dims, values: Array(values))
            }
        }
        guard partial.steps > 0 else { return file }
        file.metadata["epoch_steps"] = "\(partial.steps)"
        file.metadata["epoch_loss"] = "\(partial.loss)"
        file.metadata["epoch_norm"] = "\(partial.norm)"
        // These were single precision to begin with, so nothing is lost.
        for (name, values) in [("epoch:predictions", partial.predictions), ("epoch:targets", partial.targets)] {
            file.tensors[name] = .init(shape: [values.count], values: values.map { Float($0) })
        }
        return file
    }

    /// Returns to a saved state.
    /// - Throws: `TrainingError.foreignState`; nothing is changed then.
    public func restore(_ file: SafetensorsFile) throws {
        guard let epoch = file.metadata["epoch"].flatMap({ Int($0) }),
            let steps = file.metadata["steps"].flatMap({ Int($0) }), epoch >= 0,
            steps >= 0
        else { throw TrainingError.foreignState(reason: "its epoch and step are missing") }
        let partial = try partial(of: file)
        for (prefix, _) in blocks {
            for entry in parameters.entries {
                guard let tensor = file.tensors[prefix + entry.name] else {
                    throw TrainingError.foreignState(reason: "`\(prefix + entry.name)` is missing")
                }
                guard tensor.shape == entry.parameter.shape.dims else {
                    throw TrainingError.foreignState(
                        reason: "`\(prefix + entry.name)` is \(tensor.shape) where \(entry.parameter.shape) is needed")
                }
            }
        }
        for (prefix, block) in blocks {
            for entry in parameters.entries {
                guard let tensor = file.tensors[prefix + entry.name] else { continue }
                (block.pointer + entry.offset).update(from: tensor.values, count: entry.count)
            }
        }
        self.epoch = epoch
        self.partial = partial
        optimizerState.steps = steps
        average?.steps = steps
    }

    private func partial(of file: SafetensorsFile) throws -> Partial {
        guard let text = file.metadata["epoch_steps"] else { return Partial() }
        guard let steps = Int(text), (1...stepsPerEpoch).contains(steps),
            let loss = file.metadata["epoch_loss"].flatMap({ Double($0) }),
            let norm = file.metadata["epoch_norm"].flatMap({ Double($0) }),
            let predictions = file.tensors["epoch:predictions"]?.values,
            let targets = file.tensors["epoch:targets"]?.values, predictions.count == targets.count
        else { throw TrainingError.foreignState(reason: "its progress within the epoch is missing or invalid") }
        return Partial(
            steps: steps, loss: loss, norm: norm, predictions: predictions.map { Double($0) },
            targets: targets.map { Double($0) })
    }

    /// The weights for prediction: the average, if there is one.
    public var weights: SafetensorsFile {
        var file = SafetensorsFile(metadata: ["format": "pt"])
        let block = average?.values ?? parameters.values
        for entry in parameters.entries {
            let values = UnsafeBufferPointer(start: block.pointer + entry.offset, count: entry.count)
            file.tensors[entry.name] = .init(shape: entry.parameter.shape.dims, values: Array(values))
        }
        return file
    }

    private var blocks: [(prefix: String, block: AlignedFloats)] {
        [("", parameters.values), ("first:", optimizerState.first), ("second:", optimizerState.second)]
            + (average.map { [("average:", $0.values)] } ?? [])
    }
}
