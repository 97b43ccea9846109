extension RegressionTrainer {
    /// Memory of a training, in bytes.
    public struct Memory: Sendable, Equatable {
        /// Activations, their gradients, and working memory of all lanes.
        public var lanes = 0
        /// Gradients of the parameters, for every lane.
        public var gradients = 0
        /// Parameters, their moments and, if there is one, their average.
        public var parameters = 0
        /// What predicting takes in addition: activations on each core, and two copies of the parameters (the ones in
        /// use and the ones they came from).
        public var predicting = 0
        /// Compiled convolutions, which training and prediction share.
        public var convolutions = 0
        /// The process with its libraries, and the buffers that these keep for each thread.
        public var process = 0

        /// The sum of all parts.
        public var total: Int { lanes + gradients + parameters + predicting + convolutions + process }
    }

    /// Measured with `sentio-bench gemm` on matrices of one element.
    static let processBytes = 32 << 20

    /// What a training takes, computed without allocating it. Compiles the convolutions.
    public static func memory(_ network: Network, settings: TrainingSettings, inputShape: Shape) -> Memory {
        let (program, lanes, _) = plan(network, settings: settings, inputShape: inputShape)
        let inference = Predictor.program(network, inputShape: inputShape, precision: settings.precision).0
        let block = ParameterSet.length(of: network.layer) * MemoryLayout<Float>.stride
        var memory = Memory()
        memory.lanes = lanes * program.arenaBytes
        memory.gradients = lanes * block
        memory.parameters = (3 + (settings.average > 0 ? 1 : 0)) * block
        memory.predicting = settings.threads * inference.arenaBytes + 2 * block
        memory.convolutions = max(lanes * program.bytesOutside, settings.threads * inference.bytesOutside)
        memory.process = processBytes + settings.threads * Product.bytesPerThread
        return memory
    }
}
