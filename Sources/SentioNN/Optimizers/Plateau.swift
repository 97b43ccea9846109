/// Cuts the learning rate each time a watched loss has stood still for some epochs: Keras' `ReduceLROnPlateau`, which
/// the Sentio study used. It has no state of its own; what it does follows from the losses so far.
public struct Plateau: Sendable, Hashable {
    /// The rate is multiplied by it.
    public var factor: Double
    /// Epochs without a better loss before each cut.
    public var patience: Int
    /// The lowest rate.
    public var minimum: Double
    /// By how much a loss must be lower to count as better; Keras' default.
    public var tolerance: Double

    public init(factor: Double = 0.5, patience: Int = 8, minimum: Double = 1e-7, tolerance: Double = 1e-4) {
        self.factor = factor
        self.patience = patience
        self.minimum = minimum
        self.tolerance = tolerance
    }

    /// The factor of the highest rate for the epoch that follows these.
    /// - Parameters:
    ///   - losses: one an epoch, in order.
    ///   - rate: the highest rate.
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
