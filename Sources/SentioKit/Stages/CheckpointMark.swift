/// How far a stage was when it wrote a checkpoint.
public struct CheckpointMark: Sendable, Equatable {
    /// What is counted: `epoch`, `item`.
    public var unit: String
    /// How many are done, including the finished fraction of the current one.
    public var done: Double
    /// How many there will be.
    public var total: Double

    /// A mark at `done` of `total`.
    public init(unit: String, done: Double, total: Double) {
        self.unit = unit
        self.done = done
        self.total = total
    }

    /// The fraction that is left to do, 0...1.
    public var left: Double { total > 0 ? min(1, max(0, (total - done) / total)) : 1 }

    /// `resumes from epoch 78 of 100`.
    public var text: String {
        if done >= total { return "resumes after \(unit) \(Int(total)) of \(Int(total))" }
        return "resumes from \(unit) \(Int(done) + 1) of \(Int(total))"
    }
}
