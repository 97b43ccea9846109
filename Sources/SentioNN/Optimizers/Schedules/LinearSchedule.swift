/// Down to `floor` on a line, `linear`.
public struct LinearSchedule: Schedule {
    /// In pipelines.
    public static let name = "linear"
    /// The factor at the end.
    public let floor: Double

    /// Down to 0 by default.
    public init(floor: Double = 0) { self.floor = floor }

    /// Takes `floor`.
    public init(_ settings: Schedules.Settings) { self.init(floor: settings.floor) }

    /// From 1 to `floor`.
    public func factor(done: Double) -> Double { floor + (1 - floor) * (1 - done) }
}
