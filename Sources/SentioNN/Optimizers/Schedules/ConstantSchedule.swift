/// The highest rate throughout, `constant`.
public struct ConstantSchedule: Schedule {
    /// In pipelines.
    public static let name = "constant"
    /// False: it is the same for any length.
    public static let dependsOnLength = false

    /// It has no settings.
    public init(_ settings: Schedules.Settings = Schedules.Settings()) {}

    /// 1 at any time.
    public func factor(done: Double) -> Double { 1 }
}
