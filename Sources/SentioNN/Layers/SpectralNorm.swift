/// A weight that is divided by its largest singular value whenever it is used. The singular vectors are state; they
/// start as random directions.
struct SpectralNorm: Layer {
    let weight: Weight
    let u: Weight
    let v: Weight

    init(_ weight: Weight) {
        let rows = weight.shape[0], columns = weight.shape.count / max(1, rows)
        self.weight = weight
        u = Weight([rows], .normal(deviation: 1 / Float(rows).squareRoot()), isTrained: false)
        v = Weight([columns], .normal(deviation: 1 / Float(columns).squareRoot()), isTrained: false)
    }

    /// The state alone; the layer that owns the weight lists it.
    var parameters: [(name: String, parameter: Weight)] { [("weight_u", u), ("weight_v", v)] }

    func callAsFunction(_ graph: Graph) -> Tensor {
        graph.apply(SpectralNormOp(), graph.parameter(weight), graph.parameter(u), graph.parameter(v))
    }
}
