/// The same elements with another shape; the memory is shared.
struct ReshapeOp: Op {
    static let name = "reshape"
    let shape: Shape
    let backwardReads = BackwardReads()
    var isView: Bool { true }

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(inputs[0].count == shape.count, "reshape cannot turn \(inputs[0]) into \(shape).")
        return [shape]
    }
    func forward(_ step: OpStep) {}
    func backward(_ step: OpStep) {}
}

extension Tensor {
    /// The same elements with another shape; the memory is shared.
    /// - Precondition: the number of elements stays the same.
    public func reshaped(_ shape: Shape) -> Tensor { graph.apply(ReshapeOp(shape: shape), self) }
}
