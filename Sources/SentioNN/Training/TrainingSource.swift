/// Where samples come from: spectrograms of songs, cut and augmented. What it gives depends on its arguments alone, so
/// that a training goes on after a kill as if nothing had happened.
public protocol TrainingSource: Sendable {
    /// Samples of one epoch.
    var count: Int { get }
    /// Of one sample.
    var inputShape: Shape { get }
    /// Rated dimensions.
    var dimensions: Int { get }
    /// How much a sample counts in the loss.
    func weight(epoch: Int, position: Int) -> Double
    /// Puts sample `position` of an epoch in place. Called on several threads.
    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>)
        throws
}

extension TrainingSource {
    public func weight(epoch: Int, position: Int) -> Double { 1 }
}
