public import SentioNumerics

extension RegressionTrainer {
    /// Everything that the rest of the training depends on.
    public var state: SafetensorsFile {
        var file = SafetensorsFile(metadata: ["epoch": "\(epoch)", "steps": "\(optimizerState.steps)"])
        for (prefix, block) in blocks {
            for entry in parameters.entries {
                let values = UnsafeBufferPointer(start: block.pointer + entry.offset, count: entry.count)
                file.tensors[prefix + entry.name] = .init(shape: entry.parameter.shape.dims, values: Array(values))
            }
        }
        return file
    }

    /// Goes back to a state that was saved.
    /// - Throws: `TrainingError.foreignState`; nothing is changed then.
    public func restore(_ file: SafetensorsFile) throws {
        guard let epoch = file.metadata["epoch"].flatMap({ Int($0) }), let steps = file.metadata["steps"].flatMap({ Int($0) }), epoch >= 0,
            steps >= 0
        else { throw TrainingError.foreignState(reason: "it does not say its epoch and step") }
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
        optimizerState.steps = steps
        average?.steps = steps
    }

    /// The weights that predict: the average, if one is kept.
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
