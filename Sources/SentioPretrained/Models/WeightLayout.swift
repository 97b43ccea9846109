import SentioKit
import SentioNumerics

/// Maps the variables of a published network to tensors with PyTorch's names and axis order.
struct WeightLayout: Sendable {
    struct Rule: Sendable {
        let from: String
        let to: String
        /// Axis i of the result is axis `axes[i]` of the variable; nil: unchanged.
        let axes: [Int]?
    }

    private(set) var rules: [Rule] = []

    /// A convolution: kernels [height, width, in, out] with a bias.
    mutating func convolution(_ from: String, _ to: String, axes: [Int] = [3, 2, 0, 1]) {
        rules += [
            Rule(from: from + "/kernel", to: to + ".weight", axes: axes),
            Rule(from: from + "/bias", to: to + ".bias", axes: nil),
        ]
    }

    /// A fully connected layer: kernels [in, out] with a bias.
    mutating func dense(_ from: String, _ to: String) { convolution(from, to, axes: [1, 0]) }

    mutating func batchNorm(_ from: String, _ to: String) {
        let names = [
            ("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"), ("moving_variance", "running_var"),
        ]
        rules += names.map { Rule(from: "\(from)/\($0.0)", to: "\(to).\($0.1)", axes: nil) }
    }

    /// - Returns: the tensors; no tensors and a reason if a variable is missing or has the wrong number of axes.
    func apply(_ variables: [String: SafetensorsFile.Tensor]) -> (
        tensors: [String: SafetensorsFile.Tensor], problem: String?
    ) {
        var tensors: [String: SafetensorsFile.Tensor] = [:]
        for rule in rules {
            guard let variable = variables[rule.from] else { return ([:], "the variable `\(rule.from)` is missing") }
            guard let axes = rule.axes else {
                tensors[rule.to] = variable
                continue
            }
            guard axes.count == variable.shape.count else {
                return (
                    [:],
                    "the variable `\(rule.from)` has the shape \(variable.shape), but \(axes.count) axes are expected"
                )
            }
            tensors[rule.to] = Self.permuted(variable, axes)
        }
        return (tensors, nil)
    }

    /// SHA-256 over the tensors in byte order of their names: name, zero byte, comma-separated shape, zero byte,
    /// float32 values. It does not depend on the headers of the file.
    static func hash(_ tensors: [String: SafetensorsFile.Tensor]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tensors.values.reduce(0) { $0 + 4 * $1.values.count + 200 })
        for (name, tensor) in tensors.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            bytes += Array(name.utf8) + [0] + Array(tensor.shape.map(String.init).joined(separator: ",").utf8) + [0]
            for value in tensor.values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
        }
        return Hashing.content(bytes).hex
    }

    static func permuted(_ tensor: SafetensorsFile.Tensor, _ axes: [Int]) -> SafetensorsFile.Tensor {
        var strides = [Int](repeating: 1, count: tensor.shape.count)
        for axis in strides.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * tensor.shape[axis + 1] }
        let shape = axes.map { tensor.shape[$0] }, steps = axes.map { strides[$0] }
        var values: [Float] = [], place = [Int](repeating: 0, count: shape.count), from = 0
        values.reserveCapacity(tensor.values.count)
        for _ in tensor.values.indices {
            values.append(tensor.values[from])
            // Advance the index in the new axis order, the last axis fastest.
            for axis in shape.indices.reversed() {
                place[axis] += 1
                from += steps[axis]
                guard place[axis] == shape[axis] else { break }
                from -= place[axis] * steps[axis]
                place[axis] = 0
            }
        }
        return SafetensorsFile.Tensor(shape: shape, values: values)
    }
}
