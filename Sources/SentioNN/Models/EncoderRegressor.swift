/// A pretrained encoder with a new head that predicts ratings of a patch, and what of it is trained.
///
/// The frozen part, `below`, is computed once for each patch; the network itself, called with what `below` gives, is
/// the rest. Dropout, an optional hidden layer and a linear layer follow the encoder. The linear layer starts at 0, so
/// that the first steps do not pull the encoder along with a random head.
///
/// With contexts (collections of songs whose ratings mean different things), each has weights and an intercept of its
/// own beside the common ones: y = (W + W_c) h + b + b_c. They start at 0 and weight decay keeps them small; a sample
/// of no context gets the common part. It is the network's form of ridge regression with the kernel 1 + same context.
public struct EncoderRegressor: Layer {
    /// What is trained.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        /// The new head.
        case head
        /// The head and what lies above the encoder's border.
        case last
        /// Everything.
        case all
    }

    /// What the head reads.
    public enum Features: String, Sendable, Hashable, CaseIterable {
        /// The encoder's last layer before the tags.
        case last
        /// Activations pooled over time.
        case pooled
        /// Both.
        case both
    }

    /// What is trained, and the head's sizes.
    public struct Configuration: Sendable, Hashable {
        /// What is trained.
        public var part = Part.last
        /// What the head reads.
        public var features = Features.last
        /// Width of the head's hidden layer; 0: none.
        public var headHidden = 0
        /// Dropout of what the head reads, and of its hidden layer.
        public var dropout: Float = 0
        /// Number of contexts; 0: all samples are treated alike.
        public var contexts = 0
        /// Predicted dimensions.
        public var outputs = 2

        /// The last layers and a linear head for two dimensions.
        public init() {}
    }

    /// What it was made with.
    public let configuration: Configuration
    /// The shape of what the network reads of one patch, without the context.
    public let sampleShape: Shape
    private let encoder: any TaggingEncoder
    /// The encoder's parameters that the network uses: all that is trained, and the state that goes with it.
    private let ownParameters: [(name: String, parameter: Weight)]
    private let hidden: Linear?
    private let output: Linear
    private let context: Linear?
    private let intercept: Linear?

    /// - Parameter patch: the shape of one patch, [frames, bands].
    public init(_ encoder: any TaggingEncoder, patch: Shape, _ configuration: Configuration) {
        let c = configuration, lower = Graph(),
            border = Self.below(encoder, c, lower.input("x", Shape([1] + patch.dims)))
        let upper = Graph(), features = Self.above(encoder, c, upper.input("x", border.shape))
        self.configuration = c
        self.encoder = encoder
        sampleShape = Shape(Array(border.shape.dims.dropFirst()))
        let used = Self.parameters(behind: features)
        ownParameters = encoder.parameters.filter { used.contains(ObjectIdentifier($0.parameter)) }
        hidden = c.headHidden > 0 ? Linear(features.shape[1], c.headHidden) : nil
        let width = c.headHidden > 0 ? c.headHidden : features.shape[1]
        output = Linear(width, c.outputs, initializer: .zeros)
        context = c.contexts > 0 ? Linear(c.contexts * width, c.outputs, bias: false, initializer: .zeros) : nil
        intercept = c.contexts > 0 ? Linear(c.contexts, c.outputs, bias: false, initializer: .zeros) : nil
    }

    /// The encoder's, by their own names, as far as the network uses them; then those of the head: `head.hidden`,
    /// `head.output`, `head.context` [outputs, contexts · width], `head.intercept` [outputs, contexts].
    public var parameters: [(name: String, parameter: Weight)] {
        func part(_ layer: Linear?, _ name: String) -> [(name: String, parameter: Weight)] {
            layer.map { $0.parameters(under: "head.\(name)") } ?? []
        }
        return ownParameters + part(hidden, "hidden") + part(output, "output") + part(context, "context")
            + part(intercept, "intercept")
    }

    /// The shape of a sample: `sampleShape`, or with contexts [numbers + contexts], one number for each context behind
    /// those of the patch.
    public var inputShape: Shape {
        configuration.contexts > 0 ? [sampleShape.count + configuration.contexts] : sampleShape
    }

    /// Samples [N, …] of the input shape to predictions [N, outputs].
    public func callAsFunction(_ input: Tensor) -> Tensor {
        let c = configuration, samples = input.shape[0], count = sampleShape.count
        var x = input, place: Tensor?
        if c.contexts > 0 {
            let flat = input.reshaped([samples, count + c.contexts, 1])
            x = flat.tokens(0..<count)
            place = flat.tokens(count..<count + c.contexts).reshaped([samples, c.contexts])
        }
        var h = Self.above(encoder, c, x.reshaped(Shape([samples] + sampleShape.dims))).dropout(c.dropout)
        if let hidden { h = relu(hidden(h)).dropout(c.dropout) }
        let common = output(h)
        guard let place, let context, let intercept else { return common }
        return common + context(rowOuter(place, h)) + intercept(place)
    }

    /// The frozen part: patches [N, frames, bands] to samples [N, …] of `sampleShape`; the patches themselves where
    /// all is trained.
    public func below(_ patches: Tensor) -> Tensor { Self.below(encoder, configuration, patches) }

    private static func below(_ encoder: any TaggingEncoder, _ c: Configuration, _ patches: Tensor) -> Tensor {
        switch c.part {
        case .head: features(encoder.upper(encoder.lower(patches)), c)
        case .last: encoder.lower(patches)
        case .all: patches
        }
    }

    /// From samples to what the head reads, [N, D].
    private static func above(_ encoder: any TaggingEncoder, _ c: Configuration, _ sample: Tensor) -> Tensor {
        switch c.part {
        case .head: sample
        case .last: features(encoder.upper(sample), c)
        case .all: features(encoder.upper(encoder.lower(sample)), c)
        }
    }

    private static func features(_ found: EncoderFeatures, _ c: Configuration) -> Tensor {
        switch c.features {
        case .last: found.last
        case .pooled: found.pooled
        case .both: concatenated([found.pooled, found.last], axis: 1)
        }
    }

    /// The parameters that a value depends on.
    private static func parameters(behind value: Tensor) -> Set<ObjectIdentifier> {
        let graph = value.graph
        var needed: Set<Int> = [value.index], found: Set<ObjectIdentifier> = []
        for node in graph.nodes.reversed() where node.outputs.contains(where: needed.contains) {
            needed.formUnion(node.inputs)
        }
        for index in needed {
            if case .parameter(let parameter) = graph.values[index].origin { found.insert(ObjectIdentifier(parameter)) }
        }
        return found
    }
}

extension EncoderRegressor {
    /// Factors of the learning rate, by parameter: the head has 1, and each depth below it `decay` times the factor of
    /// the one above (Howard and Ruder 2018; 1 / 2.6 there).
    public func rateFactors(decay: Double) -> [String: Double] {
        guard decay != 1 else { return [:] }
        var factors: [String: Double] = [:]
        for (name, _) in ownParameters {
            guard let depth = encoder.depth(of: name) else { continue }
            factors[name] = (depth..<encoder.depthCount).reduce(1) { factor, _ in factor * decay }
        }
        return factors
    }

    /// Multiply-adds of one patch, forwards: of the frozen part, and of the rest.
    /// - Parameter patch: as in `init`.
    public func operations(patch: Shape) -> (below: Double, above: Double) {
        func count(_ shape: Shape, _ call: (Tensor) -> Tensor) -> Double {
            let graph = Graph(), output = call(graph.input("x", Shape([1] + shape.dims)))
            return Double(Program(graph: graph, outputs: [output]).operations) / 2
        }
        return (count(patch, below), count(inputShape, callAsFunction))
    }
}
