extension RegressionTrainer {
    /// Memory of a training, in bytes.
    public struct Memory: Sendable, Equatable {
        /// Activations, their gradients and working memory of all lanes.
        public var lanes = 0
        /// A gradient of each parameter for every lane.
        public var gradients = 0
        /// Parameters, their moments and, if one is kept, their average.
        public var parameters = 0
        /// What predicting takes while the training stays in memory: activations on each core, and two copies of the
        /// parameters (those that predict, and where they came from).
        public var predicting = 0
        /// Compiled convolutions, which training and predicting share.
        public var convolutions = 0
        /// What OpenBLAS and oneDNN keep for the products of each thread.
        public var libraries = 0

        public var total: Int { lanes + gradients + parameters + predicting + convolutions + libraries }
    }

    /// What a training takes, known before any of it is taken; more than it really takes, for not all is in use at once.
    /// Compiles the convolutions.
    public static func memory(_ network: Network, settings: TrainingSettings, inputShape: Shape) -> Memory {
        let (program, lanes, _) = plan(network, settings: settings, inputShape: inputShape)
        let (inference, _) = inference(network, inputShape: inputShape, precision: settings.precision)
        let block = ParameterSet.length(of: network.layer) * MemoryLayout<Float>.stride
        var memory = Memory()
        memory.lanes = lanes * program.arenaBytes
        memory.gradients = lanes * block
        memory.parameters = (3 + (settings.average > 0 ? 1 : 0)) * block
        memory.predicting = settings.threads * inference.arenaBytes + 2 * block
        memory.convolutions = max(lanes * program.bytesOutside, settings.threads * inference.bytesOutside)
        memory.libraries = settings.threads * Product.bytesPerThread
        return memory
    }
}
