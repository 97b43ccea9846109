import SentioKit
import SentioLearn
import SentioNN

/// Everything about a network's training that is not the network: a preset's values, or those that a stage was given.
struct TrainingRecipe: RegressionRecipe {
    // Samples
    /// Length of a crop; 0: spectrograms as long as they are.
    var frames = 0
    /// Crops of a song that its prediction is the mean of.
    var crops = 5
    var normalisation = Normalisation.dataset
    var statistics = Statistics.real
    var epochSize = EpochSize.all
    var augmentation = Augmentation()

    // Loss
    var loss = LossChoice(SquaredErrorLoss.self)
    /// From which error on the Huber loss is linear, in rating units.
    var huberDelta = 1.0
    /// In rating units; nil: every song counts the same.
    var noiseTau: Double?
    /// Shares of dimensions in the loss; nil: all the same.
    var lossWeights: LossWeights?
    var raters = 10.0

    // Optimizer
    var epochs = 5
    /// Over how many epochs the schedule runs; nil: over `epochs`.
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

    /// Whether the first epochs are the same however many follow, so that a longer training can go on from a shorter
    /// one.
    var isProlonged: Bool { scheduleEpochs != nil || !schedule.type.dependsOnLength }

    func loss(_ scale: RatingScale) -> any RegressionLoss {
        loss.type.init(RegressionLosses.Settings(huberDelta: huberDelta / scale.halfRange))
    }

    var learningRateSchedule: any Schedule { schedule.type.init(Schedules.Settings(floor: floor, plateau: plateau)) }
}

/// How spectrograms are scaled before a network sees them.
enum Normalisation: String, ParameterChoice { case dataset, clip }

/// Which training items say how spectrograms are scaled.
enum Statistics: String, ParameterChoice { case real, all }

/// What a network is trained on: one of the losses that SentioNN lists.
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

/// The learning rate over a training: one of the schedules that SentioNN lists.
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

/// Which epoch's weights come out.
enum Keep: String, ParameterChoice { case last, best }

/// In what numbers a network is computed.
enum PrecisionChoice: String, ParameterChoice {
    case auto, float32, bf16

    /// What this processor computes; `auto` is float32, so that a result does not depend on who has which processor.
    var precision: Precision { self == .bf16 ? Precision.bfloat16.native : .float32 }
}

/// A set of defaults.
enum NetworkPreset: String, ParameterChoice { case published, compact }
