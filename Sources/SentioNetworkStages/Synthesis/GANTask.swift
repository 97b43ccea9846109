import SentioBase
import SentioKit
import SentioNN
import SentioNumerics

/// Trains a generator against a critic, measures samples after each epoch, and keeps sheets of them.
final class GANTask: EpochTask {
    typealias Sheets = [(name: String, blob: BlobReference)]
    private static let sheetsKey = "sheets"

    private let training: GANTraining
    private let adversarial: AdversarialTrainer
    private let watch: SampleWatch
    private let collapse: CollapseWatch
    private let sheet: SampleSheet
    private(set) var sheets: Sheets = []
    private var warned: CollapseWatch.Problem?
    private let epochs: Int
    private var recipe: GANRecipe { training.recipe }

    init(_ training: GANTraining, _ trainer: AdversarialTrainer, _ watch: SampleWatch, epochs: Int) {
        self.training = training
        adversarial = trainer
        self.watch = watch
        self.epochs = epochs
        collapse = CollapseWatch(epochs: training.recipe.collapseEpochs, of: epochs)
        sheet = SampleSheet(
            noise: training.recipe.noise, condition: training.dimensions.count, seed: trainer.settings.seed)
    }

    var trainer: any Trainer { adversarial }
    private var sampler: GeneratorSampler {
        GeneratorSampler(
            adversarial.generator, values: adversarial.generatorValues, threads: adversarial.settings.threads)
    }

    func start() { (sheets, warned) = ([], nil) }

    func runEpoch(_ history: TrainingHistory, onStep: (EpochProgress) throws -> Void) throws -> [String: Double] {
        let clock = ContinuousClock(), began = clock.now, first = adversarial.stepsOfEpoch
        let epoch = try adversarial.runEpoch { step, criticLoss, generatorLoss in
            try onStep(progress(step: step, criticLoss, generatorLoss))
        }
        let steps = adversarial.steps(inEpoch: epoch.number), seconds = (clock.now - began) / .seconds(1)
        var values = try watch.measure(sampler)
        guard values.values.allSatisfy(\.isFinite) else {
            throw TrainingError.diverged(epoch: epoch.number, step: steps, losses: [])
        }
        values.merge(self.values(epoch)) { $1 }
        values[TrainingHistory.speed] = Double((steps - first) * recipe.batch) / seconds
        return values
    }

    private func values(_ epoch: AdversarialTrainer.Epoch) -> [String: Double] {
        var values = [
            "critic.loss": epoch.criticLoss, "generator.loss": epoch.generatorLoss, "critic.margin": epoch.margin,
            "critic.gradient_norm": epoch.criticGradient, "generator.gradient_norm": epoch.generatorGradient,
        ]
        // Accuracy needs a loss whose score has a threshold between real and fake.
        if recipe.loss.type.hasThreshold {
            values["critic.accuracy_real"] = epoch.accuracyOnReal
            values["critic.accuracy_fake"] = epoch.accuracyOnFake
            values["critic.accuracy"] = (epoch.accuracyOnReal + epoch.accuracyOnFake) / 2
        }
        values["critic.penalty"] = epoch.penalty
        values["critic.r1"] = epoch.realPenalty
        values["critic.rating_error_real"] = epoch.ratingErrorOnReal
        values["critic.rating_error_fake"] = epoch.ratingErrorOnFake
        return values
    }

    func keep(_ history: TrainingHistory) throws {
        let epoch = history.epochs.count
        guard epoch % recipe.sheetEvery == 0 || epoch == epochs else { return }
        let name = "epoch-\(NumberText.padded(epoch, to: 4)).png"
        sheets.append((name, try training.context.store(try sheet.image(sampler).bytes)))
    }

    func judge(_ history: TrainingHistory) throws {
        guard let problem = collapse.problem(history) else { return warned = nil }
        if recipe.onCollapse == .stop, problem.isUseless { throw StageFailure(problem.sentence) }
        // Once per occurrence.
        if warned?.isSameKind(as: problem) != true { training.context.services.warn(problem.sentence) }
        warned = problem
    }

    /// The trainer's message with the losses of whole epochs, and remedies for a GAN.
    func failure(_ error: TrainingError, _ history: TrainingHistory) -> StageFailure {
        let losses = history.epochs.compactMap { $0["critic.loss"] }.suffix(10).map { NumberText.three($0) }
        guard case .diverged(let epoch, let step, _) = error else { return StageFailure("\(error)") }
        return StageFailure(
            "The training diverged in epoch \(epoch + 1), step \(step): a loss or gradient is no longer a number. "
                + "Lower `generator_rate` and `critic_rate`, or set `norm: spectral`."
                + (losses.isEmpty
                    ? "" : " The critic's losses in the preceding epochs: \(losses.joined(separator: ", "))."))
    }

    // MARK: In a checkpoint

    func save(into checkpoint: inout SafetensorsFile) {
        checkpoint.metadata[Self.sheetsKey] = JSON.text(
            .list(
                sheets.map {
                    ["name": .string($0.name), "hash": .string($0.blob.hash.hex), "size": .int($0.blob.size)]
                }))
    }

    func restore(from checkpoint: inout SafetensorsFile, _ history: TrainingHistory) throws {
        let text = checkpoint.metadata.removeValue(forKey: Self.sheetsKey)
        guard let list = text.flatMap({ try? JSON.parse(Array($0.utf8)) })?.list else {
            throw TrainingError.foreignState(reason: "its list of sheets is missing")
        }
        let sheets: Sheets = try list.map { entry in
            guard let name = entry["name"]?.string, let hash = entry["hash"]?.string.flatMap({ ContentHash(hex: $0) }),
                let size = entry["size"]?.int, size >= 0
            else { throw TrainingError.foreignState(reason: "its list of sheets is damaged") }
            return (name, BlobReference(hash: hash, size: size))
        }
        guard sheets.allSatisfy({ training.context.holds($0.blob) }) else {
            throw TrainingError.foreignState(reason: "a sheet of samples it counts on is no longer stored")
        }
        self.sheets = sheets
        warned = collapse.problem(history)
    }

    // MARK: What is said

    private func progress(step: Int, _ criticLoss: Double, _ generatorLoss: Double) -> EpochProgress {
        let perEpoch = adversarial.stepsPerEpoch, epoch = adversarial.epoch
        let steps = adversarial.steps(inEpoch: epoch), all = recipe.steps.map { $0 * recipe.criticSteps }
        return EpochProgress(
            done: (epoch * perEpoch + step) * recipe.batch, total: (all ?? epochs * perEpoch) * recipe.batch,
            note:
                "samples, epoch \(epoch + 1) of \(epochs), step \(step) of \(steps), losses "
                + "\(NumberText.three(criticLoss)) and \(NumberText.three(generatorLoss))"
        )
    }

    func line(_ history: TrainingHistory) -> String {
        let values = history.epochs.last ?? [:]
        func number(_ name: String) -> String { values[name].map { NumberText.three($0) } ?? "–" }
        let recovery = training.dimensions.map { "\($0) \(number("samples.\($0).recovery"))" }.joined(separator: ", ")
        let judged =
            recipe.loss.type.hasThreshold
            ? "accuracy \(number("critic.accuracy_real")) on real and \(number("critic.accuracy_fake")) on fake"
            : "margin \(number("critic.margin"))"
        return
            "epoch \(history.epochs.count) of \(epochs): critic \(number("critic.loss")), \(judged), generator "
            + "\(number("generator.loss")), diversity \(number("samples.diversity")), frame-to-frame change "
            + "\(number("samples.frame_change")) (songs \(number("real.frame_change"))), recovered \(recovery), "
            + "band mean gap \(number("samples.band_mean_gap")), \(number(TrainingHistory.speed)) samples/s"
    }
}
