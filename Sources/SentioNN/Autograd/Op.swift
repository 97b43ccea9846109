/// An operation with its derivative: forward and backward stand in one file, and the walk over the graph knows neither.
///
/// An op is a value (its settings); what it works on comes with each step. Its buffers are float32 and contiguous, and
/// never overlap.
public protocol Op: Sendable {
    /// In messages and profiles: `linear`.
    static var name: String { get }
    /// The shapes of the outputs.
    /// - Precondition: the inputs fit the op; the message names the op and the shapes.
    func outputShapes(_ inputs: [Shape]) -> [Shape]
    /// What the backward pass reads besides the gradients of the outputs: everything else may be overwritten.
    var backwardReads: BackwardReads { get }
    /// Floats kept from forward to backward: means, logarithms of sums.
    func savedCount(_ inputs: [Shape]) -> Int
    /// Floats of working memory, for the pass that takes more.
    func scratchCount(_ inputs: [Shape], threads: Int) -> Int
    /// Lengths of the factors that are rounded where products are of bfloat16, for the pass that has more; empty: the
    /// op computes in float32 whatever the precision.
    func factorCounts(_ inputs: [Shape]) -> [Int]
    /// Bytes that the op keeps outside the program's arena.
    func bytesOutside(_ inputs: [Shape], threads: Int) -> Int
    /// Floating-point operations of its products and convolutions in the forward pass, a multiplication and an addition
    /// each; the rest does not count.
    func operations(_ inputs: [Shape]) -> Int
    /// Whether output 0 is input 0 in another shape: the same memory, nothing to compute.
    var isView: Bool { get }
    /// Whether no gradient passes from the outputs to the inputs.
    var blocksGradient: Bool { get }

    func forward(_ step: OpStep)
    /// Writes the gradient of each input that wants one (`inputGradient` not nil), adding where it says so.
    func backward(_ step: OpStep)
}

extension Op {
    public func savedCount(_ inputs: [Shape]) -> Int { 0 }
    public func scratchCount(_ inputs: [Shape], threads: Int) -> Int { 0 }
    public func factorCounts(_ inputs: [Shape]) -> [Int] { [] }
    public func bytesOutside(_ inputs: [Shape], threads: Int) -> Int { 0 }
    public func operations(_ inputs: [Shape]) -> Int { 0 }
    public var isView: Bool { false }
    public var blocksGradient: Bool { false }
}

/// Which inputs and outputs, by position, a backward pass reads.
public struct BackwardReads: Sendable {
    public var inputs: Set<Int>
    public var outputs: Set<Int>

    public init(inputs: Set<Int> = [], outputs: Set<Int> = []) {
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// A gradient to write.
public struct GradientTarget {
    public let pointer: UnsafeMutablePointer<Float>
    /// Whether to add to what is there, or to overwrite it.
    public let accumulates: Bool
    /// What BLAS calls beta.
    public var beta: Float { accumulates ? 1 : 0 }
}

/// What an op works on in one step.
public struct OpStep {
    public let inputShapes: [Shape]
    public let outputShapes: [Shape]
    public let inputs: [UnsafePointer<Float>]
    public let outputs: [UnsafeMutablePointer<Float>]
    /// State that the op may change: an input that is a parameter without gradient.
    public let states: [UnsafeMutablePointer<Float>?]
    /// Backward: gradients of the outputs; nil where nothing reaches one.
    public let outputGradients: [UnsafePointer<Float>?]
    /// Backward: nil where none is wanted.
    public let inputGradients: [GradientTarget?]
    public let saved: UnsafeMutablePointer<Float>
    public let scratch: UnsafeMutablePointer<Float>
    /// For rounded factors; nil where products are of float32.
    let factorMemory: UnsafeMutablePointer<Float>?
    /// Threads the op may use.
    public let threads: Int
    public let isTraining: Bool
    /// Its own key for random numbers: of the run, the training step and the node.
    public var randomKey: UInt64
    /// The number of the first sample of this batch in the whole step: random numbers belong to samples, not to
    /// threads.
    public var firstSample: Int

    var factors: FactorMaker { FactorMaker(factorMemory) }
}
