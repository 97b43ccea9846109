import Foundation

/// The learning rate over the steps of a training, as a factor of the highest rate.
public struct Schedule: Sendable, Hashable {
    public enum Shape: String, Sendable, Hashable, CaseIterable {
        case constant
        /// Down to `floor` on half a cosine (Loshchilov and Hutter 2017), PyTorch's `CosineAnnealingLR`.
        case cosine
        /// Down to `floor` on a line.
        case linear
    }

    public var shape: Shape
    /// Steps of linear warm-up from 0.
    public var warmup: Int
    /// Steps in all.
    public var total: Int
    /// The factor at the end.
    public var floor: Double

    public init(_ shape: Shape = .constant, total: Int, warmup: Int = 0, floor: Double = 0) {
        self.shape = shape
        self.total = total
        self.warmup = warmup
        self.floor = floor
    }

    /// The factor at a step, counted from 0. Beyond the end it stays.
    public func factor(at step: Int) -> Double {
        if step < warmup { return Double(step + 1) / Double(warmup) }
        guard total > warmup else { return shape == .constant ? 1 : floor }
        let done = min(1, Double(step - warmup) / Double(total - warmup))
        switch shape {
        case .constant: return 1
        case .cosine: return floor + (1 - floor) * (1 + cos(.pi * done)) / 2
        case .linear: return floor + (1 - floor) * (1 - done)
        }
    }
}
