/// What a stage occupies while it runs.
public struct Resources: Sendable, Equatable {
    /// Cores wanted; the scheduler gives at least one and never more than `--jobs`.
    public var cores: Cores

    /// How many cores a stage wants.
    public enum Cores: Sendable, Equatable {
        case exactly(Int)
        /// As many as `--jobs` allows: training stages, and stages of many items.
        case all
    }

    /// Whether the stage waits until all of them are free instead of starting with fewer: for results whose last bits
    /// depend on the number of threads, so that they do not depend on what ran at the same time, or on when a resumed
    /// training was stopped.
    public var waitsForCores: Bool

    /// By default one core.
    public init(cores: Cores = .exactly(1), waitsForCores: Bool = false) {
        self.cores = cores
        self.waitsForCores = waitsForCores
    }
}
