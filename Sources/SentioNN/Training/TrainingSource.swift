/// Where samples come from: spectrograms of songs, cropped and augmented. A sample depends on the arguments alone, so
/// that a killed training can continue as if nothing had happened.
public protocol TrainingSource: Sendable {
    /// Samples per epoch.
    var count: Int { get }
    /// The shape of one sample.
    var inputShape: Shape { get }
    /// The number of rated dimensions.
    var dimensions: Int { get }
    /// How much a sample counts in the loss, relative to the others. The default is 1.
    func weight(epoch: Int, position: Int) -> Double
    /// Writes sample `position` of an epoch, and its ratings. Called on several threads.
    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>)
        throws
}

extension TrainingSource {
    /// 1: all samples count the same.
    public func weight(epoch: Int, position: Int) -> Double { 1 }
}
