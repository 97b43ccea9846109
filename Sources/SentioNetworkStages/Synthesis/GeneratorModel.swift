import Foundation
import SentioKit
import SentioLearn
import SentioNN
import SentioNumerics
import SentioSongStages

/// A stored generator with everything needed to use it.
struct GeneratorModel {
    static let format = "sentio-gan"

    let generator: Generator
    let weights: SafetensorsFile
    let recovery: RidgeModel
    let scaling: GeneratorScaling
    let dimensions: [String]
    let bounds: ClosedRange<Double>
    /// Of the training songs, in rating units.
    let low: [Double]
    let high: [Double]
    /// Attributes of the spectrograms that it was trained on.
    let attributes: [String: Value]

    var scale: RatingScale { RatingScale(bounds) }
    var configuration: Generator.Configuration { generator.configuration }

    /// Reads the files on a port; they enter the ledger.
    /// - throws: `StageFailure` for files that are not a generator; `BlobStoreError`.
    init(_ context: StageContext, _ port: InputPort) throws {
        func bad(_ problem: String) -> StageFailure {
            StageFailure("The generator on `\(port)` \(problem). Take the output `generator` of a `gan-train` stage.")
        }
        let config = try? JSON.parse(try context.file(port, "config.json"))
        guard config?["format"]?.string == Self.format,
            let architecture = GANNetworks.generator(config?["architecture"])
        else {
            throw bad("has an invalid config.json")
        }
        guard let scaling = GeneratorScaling(config, mels: architecture.mels), let ratings = config?["ratings"],
            let dimensions = ratings["dimensions"]?.list?.compactMap(\.string),
            dimensions.count == architecture.condition,
            let low = ratings["low"]?.list?.compactMap(\.double),
            let high = ratings["high"]?.list?.compactMap(\.double),
            low.count == dimensions.count, high.count == dimensions.count, let attributes = config?["spectrograms"]?.map
        else { throw bad("has a config.json without scaling or ratings") }
        bounds = try LabelTable.scale(ratings.map ?? [:], port: port)
        (self.scaling, self.dimensions, self.low, self.high, self.attributes) = (
            scaling, dimensions, low, high, attributes
        )
        generator = Generator(architecture)
        do { weights = try SafetensorsFile(bytes: try context.file(port, "weights.safetensors")) } catch let error
            as SafetensorsError
        {
            throw bad("has weights that cannot be read: \(error)")
        }
        do {
            recovery = try JSONDecoder().decode(RidgeModel.self, from: Data(try context.file(port, "recovery.json")))
        } catch {
            throw bad("has a recovery.json that cannot be read: \(error)")
        }
        guard recovery.features == SpectrogramStatistics.names, recovery.targets.count == dimensions.count else {
            throw bad("has a recovery.json with other statistics")
        }
    }

    /// - throws: `StageFailure` if the weights belong to another network.
    func sampler(threads: Int) throws -> GeneratorSampler {
        do { return try GeneratorSampler(generator, weights: weights, threads: threads) } catch let error
            as TrainingError
        {
            throw StageFailure("The generator's weights do not fit its config.json: \(error)")
        }
    }
}

/// A stored critic.
struct CriticModel {
    static let format = "sentio-critic"

    let scorer: CriticScorer

    /// - throws: `StageFailure` for files that are not a critic, or a critic of other spectrograms than the generator
    ///   makes.
    init(_ context: StageContext, _ port: InputPort, for generator: Generator.Configuration) throws {
        func bad(_ problem: String) -> StageFailure {
            StageFailure(
                "The critic on `\(port)` \(problem). Take the output `critic` of the `gan-train` stage that made the "
                    + "generator."
            )
        }
        let config = try? JSON.parse(try context.file(port, "config.json"))
        guard config?["format"]?.string == Self.format, let architecture = GANNetworks.critic(config?["architecture"])
        else {
            throw bad("has an invalid config.json")
        }
        guard architecture.mels == generator.mels, architecture.frames == generator.frames,
            architecture.condition == generator.condition
        else {
            throw bad(
                "takes \(architecture.mels) x \(architecture.frames) with \(architecture.condition) ratings, but the "
                    + "generator makes \(generator.mels) x \(generator.frames) with \(generator.condition)"
            )
        }
        do {
            let weights = try SafetensorsFile(bytes: try context.file(port, "weights.safetensors"))
            scorer = try CriticScorer(Discriminator(architecture), weights: weights)
        } catch let error as SafetensorsError {
            throw bad("has weights that cannot be read: \(error)")
        } catch let error as TrainingError {
            throw bad("has weights of another network: \(error)")
        }
    }
}
