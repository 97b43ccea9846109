extension AttentionOp {
    /// Sizes of one call.
    struct Layout {
        let isPacked: Bool
        let samples: Int
        let queries: Int
        let keys: Int
        /// Of all heads together.
        let width: Int
        /// Of one head.
        let size: Int
        let scale: Float
        /// Queries per block: as many as keep a block of scores within the L2 cache.
        var block: Int { max(1, min(queries, 128)) }

        init(_ inputs: [Shape], _ heads: Int) {
            isPacked = inputs.count == 1
            let keyShape = inputs[inputs.count - 1]
            precondition(
                inputs.count <= 2 && inputs.allSatisfy { $0.rank == 3 },
                "attention takes [N, T, 3 D], or [N, Q, D] and [N, T, 2 D], not \(inputs).")
            width = keyShape[2] / (isPacked ? 3 : 2)
            precondition(
                keyShape[2] == width * (isPacked ? 3 : 2) && width % heads == 0
                    && (isPacked || inputs[0][2] == width && inputs[0][0] == keyShape[0]),
                "attention with \(heads) heads takes [N, T, 3 D], or [N, Q, D] and [N, T, 2 D], not \(inputs).")
            samples = keyShape[0]
            keys = keyShape[1]
            queries = inputs[0][1]
            size = width / heads
            scale = 1 / Float(size).squareRoot()
        }

        func key(_ step: OpStep, sample: Int, head: Int) -> UInt64 {
            DropoutMask.key(step, sample: sample) &+ UInt64(head) &* 0xBF58_476D_1CE4_E5B9
        }

        /// - Parameter keys: those that are not padding.
        func scores(
            _ view: HeadView, _ start: Int, _ rows: Int, _ keys: Int, into scores: UnsafeMutablePointer<Float>
        ) {
            Product.multiply(
                m: rows, n: keys, k: size, view.q.from(start * view.q.stride), view.k.transposed, c: scores, ldc: keys,
                by: .oneDNN)
        }

        /// Queries, keys and values as factors.
        func factors(_ step: OpStep, _ maker: inout FactorMaker) -> [Factor] {
            zip(step.inputs, step.inputShapes).prefix(isPacked ? 1 : 2).map {
                maker.factor($0, count: $1.count, stride: $1[2])
            }
        }

        /// The gradients of q, k and v; those that are to be overwritten are set to zero first.
        func prepare(_ step: OpStep) -> (
            q: UnsafeMutablePointer<Float>?, k: UnsafeMutablePointer<Float>?, v: UnsafeMutablePointer<Float>?
        ) {
            for (target, shape) in zip(step.inputGradients, step.inputShapes) {
                if let target, !target.accumulates { target.pointer.update(repeating: 0, count: shape.count) }
            }
            let q = step.inputGradients[0]?.pointer
            let k = isPacked ? q.map { $0 + width } : step.inputGradients[1]?.pointer
            return (q, k, k.map { $0 + width })
        }
    }

    /// Where one head of one sample is in memory.
    struct HeadView {
        let q: Factor
        let k: Factor
        let v: Factor
        let queryOffset: Int
        let keyOffset: Int
        let outputOffset: Int

        init(_ layout: Layout, _ inputs: [Factor], sample: Int, head: Int) {
            let (queries, keys) = (inputs[0], inputs[inputs.count - 1])
            queryOffset = sample * layout.queries * queries.stride + head * layout.size
            keyOffset = sample * layout.keys * keys.stride + head * layout.size
            outputOffset = (sample * layout.queries) * layout.width + head * layout.size
            q = queries.from(queryOffset)
            k = keys.from((layout.isPacked ? layout.width : 0) + keyOffset)
            v = k.from(layout.width)
        }
    }

    /// Which probabilities of one head and sample are dropped. Each takes 16 random bits, which is half the work of 32
    /// and changes the rate by less than 1e-5; `scale` is that of the rounded rate.
    struct Mask {
        let key: UInt64
        let threshold: UInt32
        let scale: Float
        /// Random numbers per row of scores.
        let step: UInt32

        init(_ dropout: Float, _ layout: Layout, key: UInt64) {
            let dropped = (Double(DropoutMask.checked(dropout)) * 0x1p16).rounded()
            self.key = key
            threshold = UInt32(dropped)
            scale = Float(1 / (1 - min(dropped, 0xFFFF) / 0x1p16))
            step = UInt32(truncatingIfNeeded: (layout.keys + 15) / 16 * 8)
        }

        /// The counter of a block of scores.
        /// - Precondition: `key` is a multiple of 16.
        func first(query: Int, key: Int = 0) -> UInt32 {
            UInt32(truncatingIfNeeded: query) &* step &+ UInt32(truncatingIfNeeded: key / 2)
        }
    }
}
