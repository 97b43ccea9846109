public import SentioNumerics

extension AdversarialTrainer {
    /// Everything that the rest of the training depends on; valid between epochs and between steps.
    public var state: SafetensorsFile {
        var file = SafetensorsFile(metadata: [
            "epoch": "\(epoch)", "steps": "\(steps)", "generator_steps": "\(generatorState.steps)", "sums": sums.text,
        ])
        for (prefix, block, set) in blocks { Self.put(block, set, into: &file, prefix: prefix) }
        return file
    }

    /// Returns to a saved state.
    /// - Throws: `TrainingError.foreignState`; nothing is changed then.
    public func restore(_ file: SafetensorsFile) throws {
        func number(_ name: String) -> Int? { file.metadata[name].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
        guard let epoch = number("epoch"), let steps = number("steps"), let generatorSteps = number("generator_steps"),
            let sums = file.metadata["sums"].flatMap({ AdversarialSums($0) }), sums.steps <= stepsPerEpoch
        else { throw TrainingError.foreignState(reason: "its epoch and step are missing") }
        for (prefix, _, set) in blocks {
            for entry in set.entries {
                guard let tensor = file.tensors[prefix + entry.name] else {
                    throw TrainingError.foreignState(reason: "`\(prefix + entry.name)` is missing")
                }
                guard tensor.shape == entry.parameter.shape.dims else {
                    throw TrainingError.foreignState(
                        reason: "`\(prefix + entry.name)` is \(tensor.shape) where \(entry.parameter.shape) is needed")
                }
            }
        }
        for (prefix, block, set) in blocks {
            for entry in set.entries {
                guard let tensor = file.tensors[prefix + entry.name] else { continue }
                (block.pointer + entry.offset).update(from: tensor.values, count: entry.count)
            }
        }
        (self.epoch, self.steps, self.sums) = (epoch, steps, sums)
        (criticState.steps, generatorState.steps) = (steps, generatorSteps)
        average?.steps = generatorSteps
    }

    /// Starts from trained weights in place of random ones; the optimizers' moments stay 0. To be called before the
    /// first step.
    /// - Parameter critic: nil keeps the critic's random weights.
    /// - Throws: `TrainingError.foreignState`, naming what is missing or of another shape.
    public func start(generator: SafetensorsFile, critic: SafetensorsFile?) throws {
        try generatorParameters.load(generator)
        if let critic { try criticParameters.load(critic) }
        average?.values.pointer.update(from: generatorParameters.values.pointer, count: generatorParameters.count)
    }

    /// The generator's weights for samples: the average, if there is one.
    public var generatorWeights: SafetensorsFile {
        var file = SafetensorsFile(metadata: ["format": "pt"])
        Self.put(average?.values ?? generatorParameters.values, generatorParameters, into: &file, prefix: "")
        return file
    }

    /// The critic's weights.
    public var criticWeights: SafetensorsFile {
        var file = SafetensorsFile(metadata: ["format": "pt"])
        Self.put(criticParameters.values, criticParameters, into: &file, prefix: "")
        return file
    }

    /// The current values of `generatorWeights`, for a `GeneratorSampler`.
    public var generatorValues: AlignedFloats { average?.values ?? generatorParameters.values }

    private static func put(
        _ block: AlignedFloats, _ set: ParameterSet, into file: inout SafetensorsFile, prefix: String
    ) {
        for entry in set.entries {
            let values = UnsafeBufferPointer(start: block.pointer + entry.offset, count: entry.count)
            file.tensors[prefix + entry.name] = .init(shape: entry.parameter.shape.dims, values: Array(values))
        }
    }

    private var blocks: [(prefix: String, block: AlignedFloats, set: ParameterSet)] {
        let (g, c) = (generatorParameters, criticParameters)
        return [
            ("generator:", g.values, g), ("generator:first:", generatorState.first, g),
            ("generator:second:", generatorState.second, g),
            ("critic:", c.values, c), ("critic:first:", criticState.first, c),
            ("critic:second:", criticState.second, c),
        ] + (average.map { [("generator:average:", $0.values, g)] } ?? [])
    }
}
