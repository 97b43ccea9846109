/// The same elements in another shape; the memory is shared.
struct ReshapeOp: Op {
    static let name = "reshape"
    let shape: Shape
    let backwardReads = BackwardReads()
    var isView: Bool { true }

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(inputs[0].count == shape.count, "reshape cannot make \(shape) of \(inputs[0]).")
        return [shape]
    }
    func forward(_ step: OpStep) {}
    func backward(_ step: OpStep) {}
}

extension Tensor {
    /// - Precondition: as many elements.
    public func reshaped(_ shape: Shape) -> Tensor { graph.apply(ReshapeOp(shape: shape), self) }
}
