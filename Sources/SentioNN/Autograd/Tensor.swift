/// A value of a graph: an input, a parameter or what an op will compute. Its shape is known before anything is
/// computed. Float32, contiguous.
public struct Tensor {
    /// The graph that it belongs to.
    public let graph: Graph
    /// Its position in the graph's list of values.
    public let index: Int
    /// The lengths of its axes.
    public var shape: Shape { graph.values[index].shape }
}
