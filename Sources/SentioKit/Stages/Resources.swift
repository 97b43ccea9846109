/// What a stage occupies while it runs.
public struct Resources: Sendable, Equatable {
    /// Cores wanted; the scheduler gives at least one and never more than `--jobs`.
    public var cores: Cores

    public enum Cores: Sendable, Equatable {
        case exactly(Int)
        /// All that `--jobs` allows: training stages, and stages of many items.
        case all
    }

    /// Whether it starts only when it has them all, not with those that are free: for what gives other last bits with
    /// another number of threads, so that a run does not depend on what ran beside it, nor a resumed training on when
    /// it was stopped.
    public var waitsForCores: Bool

    public init(cores: Cores = .exactly(1), waitsForCores: Bool = false) {
        self.cores = cores
        self.waitsForCores = waitsForCores
    }
}
