/// The same values, as if they were given: no gradient passes.
struct DetachOp: Op {
    static let name = "detach"
    let backwardReads = BackwardReads()
    var isView: Bool { true }
    var blocksGradient: Bool { true }

    func outputShapes(_ inputs: [Shape]) -> [Shape] { [inputs[0]] }
    func forward(_ step: OpStep) {}
    func backward(_ step: OpStep) {}
}

extension Tensor {
    /// The same memory, through which no gradient passes, as PyTorch's `detach`.
    public func detached() -> Tensor { graph.apply(DetachOp(), self) }
}
