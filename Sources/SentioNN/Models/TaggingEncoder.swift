/// A published music tagger that can be trained further. It is divided in two, so that what lies below the border can
/// stay as it is and be computed once.
public protocol TaggingEncoder: Layer {
    /// Log-mel patches [N, frames, bands] to the activations at the border, [N, …].
    func lower(_ patches: Tensor) -> Tensor
    /// Activations at the border to what describes a patch.
    func upper(_ border: Tensor) -> EncoderFeatures
    /// Number of depths; a new head would be the next.
    var depthCount: Int { get }
    /// The depth of a parameter, from 0 for the layers nearest to the input; nil for the tags, which describe nothing.
    func depth(of parameter: String) -> Int?
    /// Name of the parameter that holds the mean of the input, one number.
    var inputMean: String { get }
}

/// What an encoder says of each patch.
public struct EncoderFeatures {
    /// [N, D]: the last layer before the tags.
    public let last: Tensor
    /// [N, D']: activations below it, pooled over time.
    public let pooled: Tensor
}

extension MusiCNN: TaggingEncoder {
    /// To the output of the front end, [N, channels, T]; it is 96 % of the network's work.
    public func lower(_ patches: Tensor) -> Tensor {
        let (timbral, temporal) = filtered(patches)
        return concatenated(timbral + temporal, axis: 1)
    }

    /// `last` is the penultimate layer; `pooled` are maximum and mean after their norm.
    public func upper(_ border: Tensor) -> EncoderFeatures {
        let output = output(border)
        return EncoderFeatures(last: output.penultimate, pooled: output.flat)
    }

    /// Front end, three convolutions, hidden layer.
    public var depthCount: Int { 2 + convolutions.count }

    /// 0: front end; 1 to 3: convolutions over time; 4: hidden layer.
    public func depth(of parameter: String) -> Int? {
        let words = parameter.split(separator: ".")
        switch words.first {
        case "input_norm", "timbral", "timbral_norm", "temporal", "temporal_norm": return 0
        case "cnn", "cnn_norm": return words.dropFirst().first.flatMap { Int($0) }.map { 1 + $0 }
        case "flat_norm", "hidden", "hidden_norm": return 1 + convolutions.count
        default: return nil
        }
    }

    /// The mean of the input norm.
    public var inputMean: String { "input_norm.running_mean" }
}

extension VGG: TaggingEncoder {
    /// Blocks below the border.
    private static let lowerBlocks = 3

    /// To the output of the third block, [N, channels, T, F].
    public func lower(_ patches: Tensor) -> Tensor {
        let blocks = blocks(0..<Self.lowerBlocks, of: normalized(patches))
        return blocks[blocks.count - 1]
    }

    /// `last` is the output of the last block, `pooled` the mean of the block before.
    public func upper(_ border: Tensor) -> EncoderFeatures {
        let output = output(blocks(Self.lowerBlocks..<depthCount, of: border))
        return EncoderFeatures(last: output.pooled, pooled: output.meanPool)
    }

    /// Five blocks.
    public var depthCount: Int { convolutions.count }

    /// The number of the block.
    public func depth(of parameter: String) -> Int? {
        let words = parameter.split(separator: ".")
        switch words.first {
        case "input_norm": return 0
        case "cnn", "cnn_norm": return words.dropFirst().first.flatMap { Int($0) }
        default: return nil
        }
    }

    /// The mean of the input norm.
    public var inputMean: String { "input_norm.running_mean" }
}
