public import SentioNumerics

/// Runs a program any number of times in memory of its own. Not thread-safe; but several executors of one program may
/// run concurrently, sharing the parameters, each with its own gradients.
public final class Executor {
    /// What it runs.
    public let program: Program
    /// The values that the program reads; an optimizer changes them between steps.
    public let parameters: ParameterSet
    /// Where gradients are accumulated, laid out like the parameters. The owner sets them to zero.
    public let gradients: AlignedFloats?
    /// Seconds by op, forward and backward separately, over the executor's lifetime; filled while `isProfiling`.
    public private(set) var profile: [String: Double] = [:]
    /// Whether each op is timed. The default is false.
    public var isProfiling = false

    private let arena: AlignedFloats
    private var forwardSteps: [OpStep] = []
    private var backwardSteps: [OpStep] = []

    /// - Parameter arena: memory shared with executors that never run between this one's forward and backward passes;
    ///   nil: memory of its own.
    /// - Precondition: a program that trains has gradients, as many as parameters; a shared arena is large enough.
    public init(
        _ program: Program, parameters: ParameterSet, gradients: AlignedFloats? = nil, arena: AlignedFloats? = nil
    ) {
        precondition(
            !program.trainsParameters || gradients?.count == parameters.count,
            "Training needs a gradient for each parameter.")
        self.program = program
        self.parameters = parameters
        self.gradients = gradients
        precondition(
            arena.map { $0.count >= program.plan.count } ?? true, "The shared arena is too small for the program.")
        self.arena = arena ?? AlignedFloats(count: program.plan.count)
        makeSteps()
    }

    /// The memory of an input; fill it before each step.
    public func input(_ name: String) -> UnsafeMutableBufferPointer<Float> {
        guard let index = program.graph.inputs[name] else {
            preconditionFailure("The graph has no input called \(name).")
        }
        return UnsafeMutableBufferPointer(start: pointer(index), count: program.graph.values[index].shape.count)
    }

    /// The gradient with respect to an input, after a backward pass.
    /// - Precondition: the program differentiates with respect to it, and the loss depends on it.
    public func inputGradient(_ name: String) -> UnsafeBufferPointer<Float> {
        guard let index = program.graph.inputs[name], let pointer = gradientPointer(index) else {
            preconditionFailure("The program computes no gradient for an input called \(name).")
        }
        return UnsafeBufferPointer(start: pointer, count: program.graph.values[index].shape.count)
    }

    /// The values of an output, after a step.
    /// - Precondition: the tensor is one of the program's outputs, or its loss.
    public func value(_ tensor: Tensor) -> UnsafeBufferPointer<Float> {
        precondition(
            tensor.index == program.loss?.index || program.outputs.contains { $0.index == tensor.index },
            "Only outputs of the program can be read.")
        return value(at: tensor.index)
    }

    /// The same by the tensor's index in the graph, which, unlike the tensor, is Sendable.
    func value(at index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: pointer(index), count: program.graph.values[index].shape.count)
    }

    /// One step: a forward pass, then, in a training program, a backward pass that adds `scale` times the gradient of
    /// the loss.
    ///
    /// - Parameters:
    ///   - key: the key of this step's random numbers, for all samples.
    ///   - firstSample: the index, in the whole step, of this batch's first sample.
    /// - Precondition: the loss, if there is one, is a single number.
    public func run(key: UInt64 = 0, firstSample: Int = 0, scale: Float = 1) {
        forward(key: key, firstSample: firstSample)
        guard let seed else { return }
        precondition(
            seed.count == 1, "Only a loss that is a single number needs no seed; fill `seed` and call `backward`.")
        seed[0] = scale
        backward(key: key, firstSample: firstSample)
    }

    /// Computes all outputs, and what the backward pass will need.
    public func forward(key: UInt64 = 0, firstSample: Int = 0) {
        for index in program.nodes.indices { call(index, key: key, firstSample: firstSample, backward: false) }
    }

    /// The gradient at the program's loss, to be filled between `forward` and `backward`; nil in inference, or if the
    /// loss depends on nothing that is trained.
    public var seed: UnsafeMutableBufferPointer<Float>? {
        guard let loss = program.loss, let pointer = gradientPointer(loss.index) else { return nil }
        return UnsafeMutableBufferPointer(start: pointer, count: loss.shape.count)
    }

    /// Adds the gradients of all parameters, starting from `seed`.
    /// - Precondition: `forward` ran last, with the same key and sample.
    public func backward(key: UInt64 = 0, firstSample: Int = 0) {
        for index in program.nodes.indices.reversed() {
            call(index, key: key, firstSample: firstSample, backward: true)
        }
    }

    /// The same for the given seed.
    func backward(seed values: [Float], key: UInt64, firstSample: Int) {
        guard let seed else { return }
        precondition(values.count == seed.count, "A seed has one number per element of the loss.")
        _ = seed.update(from: values)
        backward(key: key, firstSample: firstSample)
    }

    private func call(_ index: Int, key: UInt64, firstSample: Int, backward isBackward: Bool) {
        let number = program.nodes[index], op = program.graph.nodes[number].op
        if op.isView { return }
        var step = isBackward ? backwardSteps[index] : forwardSteps[index]
        if isBackward, !step.inputGradients.contains(where: { $0 != nil }) { return }
        // Odd multipliers keep the keys of steps and nodes apart.
        step.randomKey = (key &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15) &* 0xD134_2543_DE82_EF95
        step.firstSample = firstSample
        guard isProfiling else { return isBackward ? op.backward(step) : op.forward(step) }
        let elapsed = ContinuousClock().measure { isBackward ? op.backward(step) : op.forward(step) }
        profile[type(of: op).name + (isBackward ? " backward" : ""), default: 0] += elapsed / .seconds(1)
    }

    // MARK: Pointers

    private func pointer(_ value: Int) -> UnsafeMutablePointer<Float> {
        let index = program.storage[value]
        if case .parameter(let parameter) = program.graph.values[index].origin {
            return parameters.values.pointer + parameters.offset(of: parameter)
        }
        guard let place = program.valuePlace[index] else { return arena.pointer }
        return arena.pointer + program.plan.offsets[place]
    }

    private func gradientPointer(_ value: Int) -> UnsafeMutablePointer<Float>? {
        guard program.wantsGradient[value] else { return nil }
        let index = program.storage[value]
        if case .parameter(let parameter) = program.graph.values[index].origin {
            return gradients.map { $0.pointer + parameters.offset(of: parameter) }
        }
        return program.gradientPlace[index].map { arena.pointer + program.plan.offsets[$0] }
    }

    private func makeSteps() {
        let graph = program.graph
        // Whether something has written to a gradient's memory in this step; later writers add.
        var isWritten = [Bool](repeating: false, count: graph.values.count)
        for (index, value) in graph.values.enumerated() {
            if case .parameter = value.origin { isWritten[index] = true }
        }
        if let loss = program.loss { isWritten[program.storage[loss.index]] = true }
        for number in program.nodes {
            forwardSteps.append(step(graph.nodes[number], scratch: program.forwardScratchPlace[number], number))
        }
        backwardSteps = forwardSteps
        for (index, number) in program.nodes.enumerated().reversed() {
            let node = graph.nodes[number]
            let reaches = node.outputs.map { program.wantsGradient[$0] && isWritten[program.storage[$0]] }
            var targets = [GradientTarget?](repeating: nil, count: node.inputs.count)
            if reaches.contains(true), !node.op.isView {
                for (position, input) in node.inputs.enumerated() {
                    guard let pointer = gradientPointer(input) else { continue }
                    let storage = program.storage[input]
                    targets[position] = GradientTarget(pointer: pointer, accumulates: isWritten[storage])
                    isWritten[storage] = true
                }
            }
            backwardSteps[index] = step(
                node, scratch: program.backwardScratchPlace[number], number, targets: targets,
                outputGradients: zip(node.outputs, reaches).map {
                    $1 ? gradientPointer($0).map { UnsafePointer($0) } : nil
                })
        }
    }

    private func step(
        _ node: Graph.Node, scratch: Int?, _ number: Int, targets: [GradientTarget?]? = nil,
        outputGradients: [UnsafePointer<Float>?]? = nil
    ) -> OpStep {
        let graph = program.graph
        func place(_ index: Int?) -> UnsafeMutablePointer<Float> {
            arena.pointer + (index.map { program.plan.offsets[$0] } ?? 0)
        }
        let shapes = node.inputs.map { graph.values[$0].shape }
        let factors = Program.scratch(node.op, shapes, threads: program.threads, precision: program.precision).factors
        return OpStep(
            inputShapes: shapes, outputShapes: node.outputs.map { graph.values[$0].shape },
            inputs: node.inputs.map { UnsafePointer(pointer($0)) }, outputs: node.outputs.map { pointer($0) },
            states: node.inputs.map { input in
                guard case .parameter(let parameter) = graph.values[input].origin, !parameter.isTrained else {
                    return nil
                }
                return pointer(input)
            },
            outputGradients: outputGradients ?? node.outputs.map { _ in nil },
            inputGradients: targets ?? node.inputs.map { _ in nil },
            saved: place(program.savedPlace[number]), scratch: place(scratch),
            factorMemory: factors.map { place(scratch) + $0 },
            threads: program.threads, isTraining: program.isTraining, randomKey: 0, firstSample: 0)
    }
}
