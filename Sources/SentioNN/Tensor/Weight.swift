/// A parameter of a layer: a trained array, or state that the layer keeps, such as running statistics. It only
/// describes the array; the values are in a `ParameterSet`.
public final class Weight: Sendable {
    /// The lengths of its axes.
    public let shape: Shape
    /// The values that it starts with.
    public let initializer: Initializer
    /// Whether an optimizer changes it; false for state.
    public let isTrained: Bool
    /// Whether weight decay applies: by default to matrices and kernels, not to biases and norms, as in the recipes of
    /// ViT, DeiT and AST.
    public let decays: Bool
    /// This times the sum of its squares is part of the loss, like Keras' `kernel_regularizer=l2(…)`; 0: no penalty.
    public let penalty: Double

    /// - Parameter decays: nil: if it has two axes or more.
    public init(
        _ shape: Shape, _ initializer: Initializer, isTrained: Bool = true, decays: Bool? = nil, penalty: Double = 0
    ) {
        self.shape = shape
        self.initializer = initializer
        self.isTrained = isTrained
        self.decays = decays ?? (shape.rank > 1)
        self.penalty = penalty
    }
}

/// A part of a network. It lists its parameters by name, in a fixed order, and is called with tensors.
public protocol Layer: Sendable {
    /// Parameters with names as PyTorch has them, nested ones joined by dots: `fc1.weight`.
    var parameters: [(name: String, parameter: Weight)] { get }
}

extension Layer {
    /// The parameters with their names prefixed, for a layer that contains this one.
    public func parameters(under prefix: String) -> [(name: String, parameter: Weight)] {
        parameters.map { ("\(prefix).\($0.name)", $0.parameter) }
    }
}
