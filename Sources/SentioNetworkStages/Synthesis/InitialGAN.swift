import SentioBase
import SentioKit
import SentioNN
import SentioNumerics

/// A trained GAN that another training starts from: weights of the generator and, if connected, of its critic.
///
/// Reading it puts the songs that it was trained on into the stage's ledger, so they count as seen by whatever is
/// trained from it.
struct InitialGAN {
    private let generator: GeneratorModel
    private let critic: (configuration: Discriminator.Configuration, weights: SafetensorsFile)?

    /// The mapping of decibels that the generator was trained with, which its weights presuppose.
    var scaling: GeneratorScaling { generator.scaling }

    private static let generatorPort = GANTrainStage.initialGenerator
    private static let criticPort = GANTrainStage.initialCritic

    /// - returns: nil if neither port is connected.
    /// - throws: `StageFailure` for files that are no GAN, or a critic alone; `BlobStoreError`.
    init?(_ context: StageContext) throws {
        guard context.isConnected(Self.generatorPort) else {
            guard context.isConnected(Self.criticPort) else { return nil }
            throw StageFailure(
                "`\(Self.criticPort)` is connected without `\(Self.generatorPort)`: a trained critic separates every "
                    + "sample of an untrained generator. Connect both outputs of the same `gan-train` stage."
            )
        }
        generator = try GeneratorModel(context, Self.generatorPort)
        critic = try context.isConnected(Self.criticPort) ? Self.critic(context) : nil
    }

    private static func critic(_ context: StageContext) throws -> (
        configuration: Discriminator.Configuration, weights: SafetensorsFile
    ) {
        let config = try? JSON.parse(try context.file(criticPort, "config.json"))
        guard config?["format"]?.string == CriticModel.format,
            let architecture = GANNetworks.critic(config?["architecture"])
        else {
            throw StageFailure(
                "The critic on `\(criticPort)` has an invalid config.json. Take the output `critic` of a `gan-train` "
                    + "stage."
            )
        }
        do {
            return (
                architecture, try SafetensorsFile(bytes: try context.file(criticPort, "weights.safetensors"))
            )
        } catch let error as SafetensorsError {
            throw StageFailure("The critic on `\(criticPort)` has weights that cannot be read: \(error)")
        }
    }

    // MARK: Whether it fits

    /// - parameter attributes: of the spectrograms to train on.
    /// - throws: `StageFailure` naming what differs.
    func requireFit(
        generator: Generator.Configuration, critic: Discriminator.Configuration, dimensions: [String],
        bounds: ClosedRange<Double>, attributes: [String: Value]
    ) throws {
        guard self.generator.dimensions == dimensions, self.generator.bounds == bounds else {
            throw StageFailure(
                "The generator on `\(Self.generatorPort)` was trained on \(text(self.generator.dimensions)) rated "
                    + "\(text(self.generator.bounds)), but these labels are \(text(dimensions)) rated \(text(bounds)). "
                    + "Give both datasets the same dimensions and scale."
            )
        }
        let trained = self.generator.configuration
        guard trained == generator else {
            throw StageFailure(
                "The generator on `\(Self.generatorPort)` has \(text(trained)), but this stage is set to "
                    + "\(text(generator)). Give both stages the same `preset`, `frames`, `dim` and `noise`, and their "
                    + "spectrograms the same `n_mels`."
            )
        }
        let names = ["sample_rate", "n_fft", "hop_length", "fmin", "fmax", "reference", "normalisation"]
        if let name = names.first(where: { self.generator.attributes[$0] != attributes[$0] }) {
            throw StageFailure(
                "The generator on `\(Self.generatorPort)` was trained on spectrograms with \(name) "
                    + "\(text(self.generator.attributes[name])), but these have \(name) \(text(attributes[name])). "
                    + "Make both with the same `mel-extract` settings."
            )
        }
        guard let own = self.critic?.configuration, own != critic else { return }
        throw StageFailure(
            "The critic on `\(Self.criticPort)` is another network than this stage trains. Give both stages the same "
                + "`preset`, `frames`, `dim`, `norm` and `conditioning`, and `critic_regression` in both or in neither."
        )
    }

    private func text(_ value: Value?) -> String { value.map { JSON.text($0) } ?? "unknown" }
    private func text(_ dimensions: [String]) -> String { dimensions.joined(separator: " and ") }
    private func text(_ bounds: ClosedRange<Double>) -> String {
        "\(NumberText.short(bounds.lowerBound)) to \(NumberText.short(bounds.upperBound))"
    }
    private func text(_ generator: Generator.Configuration) -> String {
        "\(generator.mels) mels x \(generator.frames) frames, dim \(generator.dim) and noise \(generator.noise)"
    }

    // MARK: Its use

    /// Puts the weights into a new training.
    /// - throws: `StageFailure` for weights of another network than their config.json describes.
    func start(_ trainer: AdversarialTrainer) throws {
        do {
            try trainer.start(generator: generator.weights, critic: critic?.weights)
        } catch TrainingError.foreignState(let reason) {
            throw StageFailure("The weights of the initial GAN do not fit its config.json: \(reason).")
        }
    }

    /// For the log.
    var sentence: String {
        "Starts from the generator on `\(Self.generatorPort)`"
            + (critic == nil ? " and a critic with random weights" : " and its critic")
            + ", with that generator's scaling. The songs that it was trained on count as seen."
    }
}
