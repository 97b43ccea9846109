import SentioNN

/// Training samples with synthetic values in memory.
struct SyntheticSpectrograms: TrainingSource {
    let count: Int
    let inputShape: Shape
    let dimensions = 2
    private let values: [Float]

    init(count: Int, _ inputShape: Shape) {
        (self.count, self.inputShape) = (count, inputShape)
        values = (0..<inputShape.count).map { Float(($0 &* 7919) % 997) / 997 }
    }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) {
        _ = input.update(from: values)
        target.update(repeating: 0.5)
    }
}
