import SentioKit
import SentioNN
import SentioNumerics
import SentioPretrained

/// A network that predicts ratings, as the stages that train one store it: `config.json` and `weights.safetensors`.
///
/// It may come from a stranger. Every number has a range, shapes are compared with the weights before memory is
/// allocated, and what is damaged is named.
struct StoredNetwork {
    let format: NetworkFormat
    let config: ModelConfig
    let weights: SafetensorsFile
    /// Rated dimensions, in the order of the outputs.
    let dimensions: [String]
    let scale: RatingScale
    /// The one that it was trained in.
    let precision: Precision

    /// - throws: `ModelFault`, `SafetensorsError`.
    init(config bytes: [UInt8], weights: [UInt8]) throws {
        let config = try ModelConfig(bytes)
        format = try config.choice("format")
        try config.requireVersion(NetworkFormat.version)
        let output = try config.section("output"), dimensions = try output.names("dimensions")
        guard !dimensions.isEmpty, !dimensions.contains("song_id") else {
            throw output.fault("dimensions", needs: "the names of the rated dimensions")
        }
        let count = try config.section("architecture").int("outputs", in: ModelConfig.outputs)
        guard count == dimensions.count else {
            throw output.fault("dimensions", needs: "a list of \(count), one for each of `architecture.outputs`")
        }
        scale = try RatingScale(try output.section("scale"), dimensions: dimensions.count)
        precision = format == .sequence ? .float32 : try config.section("training").choice("precision")
        let file = try SafetensorsFile(bytes: weights)
        if let name = file.tensors.filter({ !$0.value.values.allSatisfy(\.isFinite) }).keys.min() {
            throw ModelFault("`\(Excerpt.text(name))` in its weights.safetensors has values that are not finite")
        }
        (self.config, self.dimensions, self.weights) = (config, dimensions, file)
    }

    /// A predictor with the weights of a network of this file.
    /// - throws: `TrainingError.foreignState` where the weights do not fit; `StageFailure` where memory does not
    ///   suffice.
    func predictor(_ network: RegressionTrainer.Network, inputShape: Shape, _ context: StageContext) throws -> Predictor
    {
        let parameters = try ParameterSet(network.layer, from: weights), precision = precision.native
        try MachineMemory.require(
            Predictor.memory(network, inputShape: inputShape, threads: context.threads, precision: precision),
            for: inputShape)
        return Predictor(
            network, parameters: parameters, inputShape: inputShape, threads: context.threads, precision: precision)
    }
}

extension ModelFault {
    /// Runs `body`, and turns what it finds wrong with the model on a port into a sentence.
    static func explained<Result>(_ port: InputPort, from kinds: String, _ body: () throws -> Result) throws -> Result {
        let problem: String
        do { return try body() } catch let fault as ModelFault { problem = fault.problem } catch let error
            as SafetensorsError
        {
            problem = "its weights.safetensors cannot be read. \("\(error)".dropLast())"
        } catch TrainingError.foreignState(let reason) {
            problem = "its weights.safetensors does not fit its config.json: \(reason)"
        } catch PretrainedError.foreignWeights(_, let reason) {
            problem = "its weights.safetensors does not fit its config.json: \(reason)"
        }
        throw StageFailure("The model on `\(port)` cannot be used: \(problem). Connect the output `model` of \(kinds).")
    }
}
