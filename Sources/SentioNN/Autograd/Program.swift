/// A graph made ready to run: the nodes that are needed, in order, and a place in memory for everything they touch.
///
/// With a loss it is a training program (forward, then backward); without one it is an inference program, which reuses
/// an activation's memory as soon as nothing reads it any more. The memory of a step is known before any is allocated.
public struct Program {
    /// What it runs.
    public let graph: Graph
    /// Where the backward pass starts: a loss that is one number, or predictions whose gradient the caller computes.
    public let loss: Tensor?
    /// Values that can be read after a step.
    public let outputs: [Tensor]
    /// Threads that the ops may use inside one executor.
    public let threads: Int
    /// The precision of products.
    public let precision: Precision
    /// Whether parameters get gradients.
    public let trainsParameters: Bool
    /// Bytes of one executor's arena: activations, their gradients and working memory, without parameters.
    public var arenaBytes: Int { plan.count * MemoryLayout<Float>.stride }
    /// Bytes that the ops keep outside the arena for one executor: compiled convolutions. Reading this compiles them.
    public var bytesOutside: Int {
        nodes.map { graph.nodes[$0] }.reduce(0) { sum, node in
            sum + node.op.bytesOutside(node.inputs.map { graph.values[$0].shape }, threads: threads)
        }
    }
    /// Floating-point operations of one step's products and convolutions (two per multiply-add), backward pass
    /// included; what the backward pass recomputes does not count.
    public let operations: Int

    /// In order of execution.
    let nodes: [Int]
    /// Whether a gradient is computed for each value.
    let wantsGradient: [Bool]
    /// The value whose memory each value uses: its own index, or that of the value it is a view of.
    let storage: [Int]
    let plan: MemoryPlan
    /// Index into the plan's offsets; nil for parameters and for what is never stored.
    let valuePlace: [Int?]
    let gradientPlace: [Int?]
    let savedPlace: [Int: Int]
    let forwardScratchPlace: [Int: Int]
    let backwardScratchPlace: [Int: Int]

    /// Whether it has a loss: then its ops behave as in training.
    public var isTraining: Bool { loss != nil }

    /// - Parameters:
    ///   - loss: a loss, or predictions whose gradient the caller provides; nil for inference.
    ///   - outputs: what else must be kept to the end of the step.
    ///   - threads: how many threads the ops may use inside one executor.
    ///   - precision: of products. Where bfloat16 is not `native` it is slow, fit for tests only.
    ///   - inputGradients: inputs of the graph whose gradients are wanted too.
    ///   - trainsParameters: whether parameters get gradients; false if only `inputGradients` are wanted.
    public init(
        graph: Graph, loss: Tensor? = nil, outputs: [Tensor], threads: Int = 1, precision: Precision = .float32,
        inputGradients: [Tensor] = [], trainsParameters: Bool = true
    ) {
        precondition(loss != nil || !outputs.isEmpty, "A program needs a loss or an output.")
        precondition(loss == nil || !graph.isForInference, "A graph for inference has no loss.")
        self.graph = graph
        self.loss = loss
        self.outputs = outputs
        self.threads = max(1, threads)
        self.precision = precision
        self.trainsParameters = loss != nil && trainsParameters
        let targets = outputs.map(\.index) + (loss.map { [$0.index] } ?? [])
        nodes = Self.reach(graph, from: targets)
        let storage = Self.storages(graph)
        self.storage = storage

        var wants = [Bool](repeating: false, count: graph.values.count)
        if let loss {
            let onPath = Set(Self.reach(graph, from: [loss.index]))
            for (index, value) in graph.values.enumerated() {
                switch value.origin {
                case .input: wants[index] = inputGradients.contains { $0.index == index }
                case .parameter(let parameter): wants[index] = trainsParameters && parameter.isTrained
                case .node(let node, _):
                    wants[index] =
                        onPath.contains(node) && !graph.nodes[node].op.blocksGradient
                        && graph.nodes[node].inputs.contains { wants[$0] }
                }
            }
        }
        wantsGradient = wants

        var lives = Lives(valueCount: graph.values.count)
        let end = 2 * nodes.count
        for tensor in outputs + (loss.map { [$0] } ?? []) { lives.read(value: storage[tensor.index], at: end) }
        if let loss { lives.write(gradient: storage[loss.index], at: nodes.count) }
        if loss != nil { for tensor in inputGradients { lives.read(gradient: storage[tensor.index], at: end) } }
        for value in graph.inputs.values { lives.write(value: storage[value], at: 0) }
        var operations = 0
        var saved: [Int: Int] = [:], forwardScratch: [Int: Int] = [:], backwardScratch: [Int: Int] = [:]
        for (time, number) in nodes.enumerated() {
            let node = graph.nodes[number], op = node.op, shapes = node.inputs.map { graph.values[$0].shape }
            let back = end - 1 - time
            let runsBack = loss != nil && node.outputs.contains { wants[$0] }
            for input in node.inputs { lives.read(value: storage[input], at: time) }
            for output in node.outputs { lives.write(value: storage[output], at: time) }
            guard !op.isView else { continue }
            let scratchCount = Self.scratch(op, shapes, threads: self.threads, precision: precision).total
            operations += op.operations(shapes)
            if scratchCount > 0 { forwardScratch[number] = lives.add(scratchCount, time, time) }
            let savedCount = op.savedCount(shapes)
            if savedCount > 0 { saved[number] = lives.add(savedCount, time, runsBack ? back : time) }
            guard runsBack else { continue }
            // A product has a gradient for each factor that wants one.
            let others = node.inputs.dropFirst()
            operations +=
                op.operations(shapes)
                * ((wants[node.inputs[0]] ? 1 : 0) + (others.isEmpty || others.contains { wants[$0] } ? 1 : 0))
            if scratchCount > 0 { backwardScratch[number] = lives.add(scratchCount, back, back) }
            for position in op.backwardReads.inputs { lives.read(value: storage[node.inputs[position]], at: back) }
            for position in op.backwardReads.outputs { lives.read(value: storage[node.outputs[position]], at: back) }
            for output in node.outputs where wants[output] { lives.read(gradient: storage[output], at: back) }
            for input in node.inputs where wants[input] { lives.write(gradient: storage[input], at: back) }
        }
        // A parameter's values and gradients live outside the arena.
        for (index, value) in graph.values.enumerated() { if case .parameter = value.origin { lives.drop(index) } }
        let places = lives.places(graph.values.map(\.shape.count))
        (valuePlace, gradientPlace) = (places.values, places.gradients)
        plan = MemoryPlan(lives.requests)
        self.operations = operations
        (savedPlace, forwardScratchPlace, backwardScratchPlace) = (saved, forwardScratch, backwardScratch)
    }

    /// Floats of an op's working memory, and where in it the rounded factors start, if there are any.
    static func scratch(_ op: any Op, _ inputs: [Shape], threads: Int, precision: Precision) -> (
        total: Int, factors: Int?
    ) {
        let count = op.scratchCount(inputs, threads: threads), factors = op.factorCounts(inputs)
        guard precision == .bfloat16, !factors.isEmpty else { return (count, nil) }
        return (MemoryPlan.padded(count) + FactorMaker.floats(factors), MemoryPlan.padded(count))
    }

    /// The nodes that the given values depend on, in order.
    private static func reach(_ graph: Graph, from targets: [Int]) -> [Int] {
        var needed = Set(targets)
        var found: [Int] = []
        for (number, node) in graph.nodes.enumerated().reversed() where node.outputs.contains(where: needed.contains) {
            found.append(number)
            needed.formUnion(node.inputs)
        }
        return found.reversed()
    }

    private static func storages(_ graph: Graph) -> [Int] {
        var storage = Array(graph.values.indices)
        for node in graph.nodes where node.op.isView { storage[node.outputs[0]] = storage[node.inputs[0]] }
        return storage
    }
}

/// During which steps each buffer is needed.
private struct Lives {
    private var values: [(first: Int, last: Int)?]
    private var gradients: [(first: Int, last: Int)?]
    private(set) var requests: [MemoryPlan.Request] = []

    init(valueCount: Int) {
        values = Array(repeating: nil, count: valueCount)
        gradients = values
    }

    private static func widen(_ life: inout (first: Int, last: Int)?, _ time: Int) {
        life = life.map { (min($0.first, time), max($0.last, time)) } ?? (time, time)
    }

    mutating func read(value: Int, at time: Int) { Self.widen(&values[value], time) }
    mutating func write(value: Int, at time: Int) { Self.widen(&values[value], time) }
    mutating func read(gradient: Int, at time: Int) { Self.widen(&gradients[gradient], time) }
    mutating func write(gradient: Int, at time: Int) { Self.widen(&gradients[gradient], time) }
    mutating func drop(_ value: Int) { (values[value], gradients[value]) = (nil, nil) }

    mutating func add(_ count: Int, _ first: Int, _ last: Int) -> Int {
        requests.append(MemoryPlan.Request(count: count, first: first, last: last))
        return requests.count - 1
    }

    mutating func places(_ counts: [Int]) -> (values: [Int?], gradients: [Int?]) {
        let values = values.enumerated().map { index, life in life.map { add(counts[index], $0.first, $0.last) } }
        let gradients = gradients.enumerated().map { index, life in life.map { add(counts[index], $0.first, $0.last) } }
        return (values, gradients)
    }
}
