/// The same values as a constant: no gradient passes.
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
    /// The same values in the same memory as a constant, like PyTorch's `detach`: no gradient passes.
    public func detached() -> Tensor { graph.apply(DetachOp(), self) }
}
