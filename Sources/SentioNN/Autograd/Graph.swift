/// What a model computes, recorded by calling it once with tensors that know only their shapes.
///
/// A graph is built for one batch size; memory for all its values is planned before the first step (`Program`).
public final class Graph {
    struct Value {
        let shape: Shape
        let origin: Origin
    }

    enum Origin {
        case input(name: String)
        case parameter(Weight)
        /// An output of a node.
        case node(Int, output: Int)
    }

    struct Node {
        let op: any Op
        let inputs: [Int]
        let outputs: [Int]
    }

    private(set) var values: [Value] = []
    private(set) var nodes: [Node] = []
    private(set) var inputs: [String: Int] = [:]
    private var parameters: [ObjectIdentifier: Int] = [:]

    /// Whether models may record ops without a backward pass, which batch norms with fixed statistics permit.
    public let isForInference: Bool

    /// An empty graph.
    /// - Parameter isForInference: whether no program of the graph will have a loss; some models then are faster.
    public init(isForInference: Bool = false) { self.isForInference = isForInference }

    /// A value that the caller fills before each step.
    /// - Precondition: no input of the graph has this name yet.
    public func input(_ name: String, _ shape: Shape) -> Tensor {
        precondition(inputs[name] == nil, "The graph already has an input called \(name).")
        inputs[name] = values.count
        return value(shape, .input(name: name))
    }

    /// The value of a parameter; the same tensor whenever it is asked for.
    public func parameter(_ parameter: Weight) -> Tensor {
        if let index = parameters[ObjectIdentifier(parameter)] { return Tensor(graph: self, index: index) }
        parameters[ObjectIdentifier(parameter)] = values.count
        return value(parameter.shape, .parameter(parameter))
    }

    /// Records an op and returns its outputs.
    /// - Precondition: the shapes fit the op, and all inputs belong to this graph.
    public func apply(_ op: some Op, _ inputs: [Tensor]) -> [Tensor] {
        for input in inputs {
            precondition(input.graph === self, "\(type(of: op).name) takes tensors of a single graph.")
        }
        let shapes = op.outputShapes(inputs.map(\.shape))
        let number = nodes.count
        let outputs = shapes.enumerated().map { value($1, .node(number, output: $0)) }
        nodes.append(Node(op: op, inputs: inputs.map(\.index), outputs: outputs.map(\.index)))
        return outputs
    }

    /// The same for an op with a single output.
    public func apply(_ op: some Op, _ inputs: Tensor...) -> Tensor {
        let outputs = apply(op, inputs)
        precondition(outputs.count == 1, "\(type(of: op).name) has \(outputs.count) outputs.")
        return outputs[0]
    }

    private func value(_ shape: Shape, _ origin: Origin) -> Tensor {
        values.append(Value(shape: shape, origin: origin))
        return Tensor(graph: self, index: values.count - 1)
    }
}
