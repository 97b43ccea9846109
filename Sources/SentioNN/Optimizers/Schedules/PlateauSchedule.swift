/// Cuts the learning rate each time the validation loss has stopped falling for some epochs (Keras'
/// `ReduceLROnPlateau`, which the Sentio study used), `plateau`. It keeps no state: its factor follows from the losses
/// so far, which a checkpoint holds anyway.
public struct PlateauSchedule: Schedule, Hashable {
    /// In pipelines.
    public static let name = "plateau"
    /// False: it cuts whenever the loss has stopped falling.
    public static let dependsOnLength = false
    /// True.
    public static let watchesValidation = true
    /// Each cut multiplies the rate by this.
    public var factor: Double
    /// Epochs without a better loss before each cut.
    public var patience: Int
    /// The lowest rate.
    public var minimum: Double
    /// By how much a loss must be lower to count as better; the default is Keras'.
    public var tolerance: Double

    /// The defaults are the Sentio study's.
    public init(factor: Double = 0.5, patience: Int = 8, minimum: Double = 1e-7, tolerance: Double = 1e-4) {
        self.factor = factor
        self.patience = patience
        self.minimum = minimum
        self.tolerance = tolerance
    }

    /// Takes `plateau`.
    public init(_ settings: Schedules.Settings) { self = settings.plateau }

    /// 1: the steps themselves change nothing.
    public func factor(done: Double) -> Double { 1 }

    /// The cuts so far, never below `minimum` as a rate.
    public func factor(after losses: [Double], rate: Double) -> Double {
        var best = Double.infinity, waited = 0, current = rate
        for loss in losses {
            if loss < best - tolerance {
                (best, waited) = (loss, 0)
                continue
            }
            waited += 1
            guard waited >= patience, current > minimum else { continue }
            (current, waited) = (max(current * factor, minimum), 0)
        }
        return current / rate
    }
}
