/// A trained array of a layer, or a state that the layer keeps (running statistics). It says shape and start; the
/// values live in a `ParameterSet`.
public final class Weight: Sendable {
    public let shape: Shape
    public let initializer: Initializer
    /// False for state that no gradient reaches.
    public let isTrained: Bool
    /// Whether weight decay applies: to matrices and kernels, not to biases and norms (as in ViT, DeiT and AST
    /// recipes).
    public let decays: Bool
    /// This times the sum of its squares is part of the loss, as Keras' `kernel_regularizer=l2(…)`; 0: none.
    public let penalty: Double

    /// - Parameter decays: default: whether it has two axes or more.
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

/// A part of a network: it lists its parameters by name, in a fixed order, and is called with tensors.
public protocol Layer: Sendable {
    /// Names as PyTorch has them, nested ones joined by dots: `fc1.weight`.
    var parameters: [(name: String, parameter: Weight)] { get }
}

extension Layer {
    /// The parameters with a prefix, for a layer that holds this one.
    public func parameters(under prefix: String) -> [(name: String, parameter: Weight)] {
        parameters.map { ("\(prefix).\($0.name)", $0.parameter) }
    }
}
