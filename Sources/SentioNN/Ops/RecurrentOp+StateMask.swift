import CNNKernels

extension RecurrentOp {
    /// Dropout of what U reads, in one direction: one factor per sample and unit, the same at all steps.
    struct StateMask {
        private let step: OpStep
        private let sizes: Sizes
        private let direction: Int
        private let mask: DropoutMask
        /// [N, H]: 0, or 1 / (1 - rate).
        private let factors: UnsafeMutablePointer<Float>
        /// [N, H]: the gradient that the gates pass on, before masking.
        let handed: UnsafeMutablePointer<Float>
        /// [N, T, H]: the outputs after masking.
        let passed: UnsafeMutablePointer<Float>

        /// - Parameter memory: `maskedCount` floats.
        init(_ rate: Float, _ step: OpStep, _ sizes: Sizes, _ direction: Int, memory: UnsafeMutablePointer<Float>) {
            (self.step, self.sizes, self.direction) = (step, sizes, direction)
            mask = DropoutMask(rate)
            factors = memory
            handed = memory + sizes.samples * sizes.width
            passed = handed + sizes.samples * sizes.width
        }

        /// Draws the factors: a function of key, sample, direction and unit.
        func draw() {
            let width = sizes.width
            handed.update(repeating: 1, count: sizes.samples * width)
            for sample in 0..<sizes.samples {
                nn_dropout(
                    handed + sample * width, Int64(width), DropoutMask.key(step, sample: sample),
                    UInt32(truncatingIfNeeded: direction * width), mask.threshold, mask.scale, 0,
                    factors + sample * width)
            }
        }

        /// Stores the masked outputs of one time step.
        func apply(_ output: UnsafePointer<Float>, stride: Int, time: Int) {
            let width = sizes.width
            for sample in 0..<sizes.samples {
                let from = output + sample * stride, to = passed + (sample * sizes.steps + time) * width,
                    factor = factors + sample * width
                for unit in 0..<width { to[unit] = from[unit] * factor[unit] }
            }
        }

        /// Adds `handed` after masking.
        func addHanded(to carried: UnsafeMutablePointer<Float>) {
            for index in 0..<sizes.samples * sizes.width { carried[index] += handed[index] * factors[index] }
        }
    }
}
