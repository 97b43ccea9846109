/// The learning rate over a training, as a factor of the highest rate. A new schedule is a type in a file of its own
/// and a line in `Schedules.all`.
///
/// The rate of a step is the highest rate times `factor(at:of:warmup:)` times `factor(after:rate:)`; most schedules
/// have only the first.
public protocol Schedule: Sendable {
    /// What pipelines call it.
    static var name: String { get }
    /// Whether the rate of a step depends on how long the training is; if not, a longer training can go on from a
    /// shorter one. The default is true.
    static var dependsOnLength: Bool { get }
    /// Whether the rate depends on validation losses. The default is false.
    static var watchesValidation: Bool { get }
    /// Takes what it needs from the settings of all schedules.
    init(_ settings: Schedules.Settings)
    /// The factor when a share of the steps after warm-up is done, 0...1.
    func factor(done: Double) -> Double
    /// The factor for the epoch that follows these. The default is 1.
    ///
    /// - Parameters:
    ///   - losses: validation losses, one per epoch, in order.
    ///   - rate: the highest rate.
    func factor(after losses: [Double], rate: Double) -> Double
}

extension Schedule {
    /// True: most schedules end with the training.
    public static var dependsOnLength: Bool { true }
    /// False: most schedules are fixed in advance.
    public static var watchesValidation: Bool { false }
    /// 1: most schedules do not watch a loss.
    public func factor(after losses: [Double], rate: Double) -> Double { 1 }

    /// The factor at a step, counted from 0: up from 0 on a line for `warmup` steps, then the schedule, which keeps its
    /// last factor beyond the end.
    ///
    /// - Parameter total: steps of the training, warm-up included.
    public func factor(at step: Int, of total: Int, warmup: Int = 0) -> Double {
        if step < warmup { return Double(step + 1) / Double(warmup) }
        return factor(done: total > warmup ? min(1, Double(step - warmup) / Double(total - warmup)) : 1)
    }
}
