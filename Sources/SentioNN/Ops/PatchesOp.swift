/// Cuts images into square patches: x [N, H, W] to [N, P, size²], in row-major order, and each patch row by row. They
/// overlap if `stride` is below `size`; a remainder at the right or bottom that fills no patch is left out.
struct PatchesOp: Op {
    static let name = "patches"
    let size: Int
    let stride: Int
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs[0].rank == 3 && inputs[0][1] >= size && inputs[0][2] >= size,
            "patches of \(size) take [N, H, W] of at least that height and width, not \(inputs[0]).")
        return [[inputs[0][0], count(inputs[0][1]) * count(inputs[0][2]), size * size]]
    }

    func count(_ length: Int) -> Int { (length - size) / stride + 1 }

    func forward(_ step: OpStep) {
        each(step.inputShapes[0]) { pixel, element in
            (step.outputs[0] + element).update(from: step.inputs[0] + pixel, count: size)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        if !target.accumulates { target.pointer.update(repeating: 0, count: step.inputShapes[0].count) }
        each(step.inputShapes[0]) { pixel, element in
            for column in 0..<size { target.pointer[pixel + column] += gradient[element + column] }
        }
    }

    /// Calls the body for each row of each patch with where it starts in the image and in the output.
    private func each(_ shape: Shape, _ body: (_ pixel: Int, _ element: Int) -> Void) {
        let (height, width) = (shape[1], shape[2])
        var element = 0
        for sample in 0..<shape[0] {
            for top in 0..<count(height) {
                for left in 0..<count(width) {
                    for row in 0..<size {
                        body((sample * height + top * stride + row) * width + left * stride, element)
                        element += size
                    }
                }
            }
        }
    }
}

extension Tensor {
    /// Square patches of images [N, H, W] in row-major order: [N, P, size²].
    public func patches(_ size: Int, stride: Int) -> Tensor { graph.apply(PatchesOp(size: size, stride: stride), self) }
}
