/// An operation with its derivative: forward and backward live in one file, and the code that walks the graph knows
/// neither.
///
/// An op is a value that holds its settings; the buffers it works on come with each step. They are float32, contiguous
/// and never overlap.
public protocol Op: Sendable {
    /// The name in messages and profiles: `linear`.
    static var name: String { get }
    /// The shapes of the outputs.
    /// - Precondition: the inputs fit the op; the message names the op and the shapes.
    func outputShapes(_ inputs: [Shape]) -> [Shape]
    /// What the backward pass reads besides the gradients of the outputs; everything else may be overwritten by then.
    var backwardReads: BackwardReads { get }
    /// Floats kept from the forward to the backward pass: means, logarithms of sums.
    func savedCount(_ inputs: [Shape]) -> Int
    /// Floats of working memory, for the pass that needs more.
    func scratchCount(_ inputs: [Shape], threads: Int) -> Int
    /// Lengths of the factors that are rounded for products in bfloat16, for the pass that has more of them; empty: the
    /// op computes in float32 whatever the precision.
    func factorCounts(_ inputs: [Shape]) -> [Int]
    /// Bytes that the op keeps outside the program's arena.
    func bytesOutside(_ inputs: [Shape], threads: Int) -> Int
    /// Floating-point operations of its products and convolutions in the forward pass, counting multiplications and
    /// additions; nothing else counts.
    func operations(_ inputs: [Shape]) -> Int
    /// Whether output 0 is input 0 with another shape: the same memory, nothing to compute.
    var isView: Bool { get }
    /// Whether no gradient passes from the outputs to the inputs.
    var blocksGradient: Bool { get }

    /// Writes the outputs, and what is kept for the backward pass.
    func forward(_ step: OpStep)
    /// Writes the gradient of each input that wants one (its entry of `inputGradients` is not nil), adding to it if the
    /// target says so.
    func backward(_ step: OpStep)
}

extension Op {
    /// Nothing is kept.
    public func savedCount(_ inputs: [Shape]) -> Int { 0 }
    /// No working memory.
    public func scratchCount(_ inputs: [Shape], threads: Int) -> Int { 0 }
    /// No products that bfloat16 could speed up.
    public func factorCounts(_ inputs: [Shape]) -> [Int] { [] }
    /// Nothing outside the arena.
    public func bytesOutside(_ inputs: [Shape], threads: Int) -> Int { 0 }
    /// No products or convolutions.
    public func operations(_ inputs: [Shape]) -> Int { 0 }
    /// It computes.
    public var isView: Bool { false }
    /// Gradients pass.
    public var blocksGradient: Bool { false }
}

/// Which values a backward pass reads.
public struct BackwardReads: Sendable {
    /// Positions of inputs.
    public var inputs: Set<Int>
    /// Positions of outputs.
    public var outputs: Set<Int>

    /// None unless given.
    public init(inputs: Set<Int> = [], outputs: Set<Int> = []) {
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// Where a backward pass writes a gradient.
public struct GradientTarget {
    /// The first element.
    public let pointer: UnsafeMutablePointer<Float>
    /// Whether to add to what is there rather than overwrite it.
    public let accumulates: Bool
    /// The same as BLAS's beta: 1 to add, 0 to overwrite.
    public var beta: Float { accumulates ? 1 : 0 }
}

/// What an op works on in one step. Arrays have an entry per input or output of the op.
public struct OpStep {
    /// Shapes of the inputs.
    public let inputShapes: [Shape]
    /// Shapes of the outputs.
    public let outputShapes: [Shape]
    /// Values of the inputs.
    public let inputs: [UnsafePointer<Float>]
    /// Values of the outputs: the forward pass writes them.
    public let outputs: [UnsafeMutablePointer<Float>]
    /// Inputs that the op may change: state of a layer, a parameter without a gradient; nil for all others.
    public let states: [UnsafeMutablePointer<Float>?]
    /// Backward pass: gradients of the outputs; nil for an output that the loss does not depend on.
    public let outputGradients: [UnsafePointer<Float>?]
    /// Backward pass: gradients of the inputs; nil for those that are not wanted.
    public let inputGradients: [GradientTarget?]
    /// `savedCount` floats that last from the forward to the backward pass.
    public let saved: UnsafeMutablePointer<Float>
    /// `scratchCount` floats of working memory.
    public let scratch: UnsafeMutablePointer<Float>
    /// Memory for rounded factors; nil for products in float32.
    let factorMemory: UnsafeMutablePointer<Float>?
    /// Threads that the op may use.
    public let threads: Int
    /// Whether the program trains: dropout and batch statistics apply.
    public let isTraining: Bool
    /// The op's own key for random numbers, derived from the run, the training step and the node.
    public var randomKey: UInt64
    /// The index, in the whole step, of this batch's first sample: random numbers belong to samples, not to threads.
    public var firstSample: Int

    var factors: FactorMaker { FactorMaker(factorMemory) }
}
