/// A value of a graph: what an op will make, known by shape before anything is computed. Float32, contiguous.
public struct Tensor {
    public let graph: Graph
    /// Its place in the graph's list of values.
    public let index: Int
    public var shape: Shape { graph.values[index].shape }
}
