import SentioBase

/// Down to `floor` on half a cosine (Loshchilov and Hutter 2017; PyTorch's `CosineAnnealingLR`), `cosine`.
public struct CosineSchedule: Schedule {
    /// In pipelines.
    public static let name = "cosine"
    /// The factor at the end.
    public let floor: Double

    /// Down to 0 by default.
    public init(floor: Double = 0) { self.floor = floor }

    /// Takes `floor`.
    public init(_ settings: Schedules.Settings) { self.init(floor: settings.floor) }

    /// From 1 to `floor`.
    public func factor(done: Double) -> Double { floor + (1 - floor) * (1 + cos(.pi * done)) / 2 }
}
