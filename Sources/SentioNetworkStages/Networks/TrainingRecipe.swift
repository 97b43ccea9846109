import SentioKit
import SentioLearn
import SentioNN

/// All settings of a network's training except the network: those of a preset, or those given to a stage.
struct TrainingRecipe: RegressionRecipe {
    // Samples
    /// Crop length; 0: whole spectrograms, which must all have the same length.
    var frames = 0
    /// Crops per song over which its prediction is averaged.
    var crops = 5
    var normalisation = Normalisation.dataset
    var statistics = Statistics.real
    var epochSize = EpochSize.all
    /// Labels column whose values are drawn equally often; nil: every item is.
    var balance: String?
    var augmentation = Augmentation()

    // Loss
    var loss = LossChoice(SquaredErrorLoss.self)
    /// Error above which the Huber loss is linear, in rating units.
    var huberDelta = 1.0
    /// In rating units; nil: all songs have equal weight.
    var noiseTau: Double?
    /// Weights of the dimensions in the loss; nil: equal.
    var lossWeights: LossWeights?
    var raters = 10.0

    // Optimizer
    var epochs = 5
    /// Number of epochs that the schedule spans; nil: `epochs`.
    var scheduleEpochs: Int?
    var batch = 16
    var learningRate = 1e-4
    var weightDecay = 0.05
    var schedule = ScheduleChoice(CosineSchedule.self)
    /// The schedule's last factor.
    var floor = 0.0
    /// For `schedule: plateau`.
    var plateau = PlateauSchedule()
    /// Epochs of linear warm-up.
    var warmup = 0.0
    var clip = 0.0
    var average = 0.0

    // Ends
    /// Epochs without a better validation loss after which training stops; 0: never.
    var patience = 0
    var keep = Keep.last
    var checkpointSeconds = 60.0
    var precision = PrecisionChoice.auto
    var seed: Int?
    var fitOn: [SplitSet] = [.train]

    /// Whether the first epochs do not depend on the total number, so that a longer training can resume from a shorter
    /// one.
    var isProlonged: Bool { scheduleEpochs != nil || !schedule.type.dependsOnLength }

    func loss(_ scale: RatingScale) -> any RegressionLoss {
        loss.type.init(RegressionLosses.Settings(huberDelta: huberDelta / scale.halfRange))
    }

    var learningRateSchedule: any Schedule { schedule.type.init(Schedules.Settings(floor: floor, plateau: plateau)) }
}

/// How spectrograms are scaled before a network sees them.
enum Normalisation: String, ParameterChoice { case dataset, clip }

/// Which training items the scaling statistics come from.
enum Statistics: String, ParameterChoice { case real, all }

/// A network's loss: one of the losses that SentioNN lists.
struct LossChoice: ParameterChoice {
    static let allCases: [LossChoice] = RegressionLosses.all.map { LossChoice($0) }
    let type: any RegressionLoss.Type

    init(_ type: any RegressionLoss.Type) { self.type = type }

    init?(rawValue: String) {
        guard let type = RegressionLosses.all.first(where: { $0.name == rawValue }) else { return nil }
        self.type = type
    }

    var rawValue: String { type.name }
}

/// A learning rate schedule: one of those that SentioNN lists.
struct ScheduleChoice: ParameterChoice {
    static let allCases: [ScheduleChoice] = Schedules.all.map { ScheduleChoice($0) }
    let type: any Schedule.Type

    init(_ type: any Schedule.Type) { self.type = type }

    init?(rawValue: String) {
        guard let type = Schedules.all.first(where: { $0.name == rawValue }) else { return nil }
        self.type = type
    }

    var rawValue: String { type.name }
}

/// Which epoch's weights are kept.
enum Keep: String, ParameterChoice { case last, best }

/// The precision in which a network is computed.
enum PrecisionChoice: String, ParameterChoice {
    case auto, float32, bf16

    /// The precision on this processor; `auto` is float32, so that a result does not depend on the processor.
    var precision: Precision { self == .bf16 ? Precision.bfloat16.native : .float32 }
}

/// A set of defaults.
enum NetworkPreset: String, ParameterChoice { case published, compact }
