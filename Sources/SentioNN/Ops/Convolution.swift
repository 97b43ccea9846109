import COneDNN
import Synchronization

/// A convolution of one sample, compiled by oneDNN for this processor; for one thread at a time.
///
/// Compiling one takes milliseconds, so they are kept: whoever needs one borrows it (`with`) and gives it back.
final class Convolution: @unchecked Sendable {
    /// Sizes of one sample. Channels lie in groups of `inputBlock` and `outputBlock`; 1: channel after channel.
    struct Sizes: Hashable, Sendable {
        var inputs: Int, outputs: Int
        var input: Extent, output: Extent
        var kernel: Extent, stride: Extent, padding: Extent
        var inputBlock = 1, outputBlock = 1

        var inputCount: Int { inputs * input.count }
        var outputCount: Int { outputs * output.count }
        var kernelCount: Int { outputs * inputs * kernel.count }
    }

    /// Channels of a group that this processor likes best: 16 with AVX-512, 8 without.
    static let block = Int(onednn_channel_block())
    /// What stays compiled while nobody uses it.
    private static let kept = 256
    private static let free = Mutex<[Sizes: [Convolution]]>([:])

    private let handle: OpaquePointer

    /// Borrows a convolution, with its kernels [outputs, inputs, kH, kW] and bias [outputs] (none: zeros) in place.
    static func with<Result>(
        _ sizes: Sizes, kernels: UnsafePointer<Float>, bias: UnsafePointer<Float>?, _ body: (Convolution) -> Result
    ) -> Result {
        let convolution = free.withLock { $0[sizes]?.popLast() } ?? Convolution(sizes)
        defer { give(back: convolution, sizes) }
        Self.check(onednn_convolution_set_kernels(convolution.handle, kernels, bias))
        return body(convolution)
    }

    /// Bytes that one of these sizes keeps. It is made for that, and stays for whoever comes first.
    static func bytes(_ sizes: Sizes) -> Int {
        let convolution = free.withLock { $0[sizes]?.popLast() } ?? Convolution(sizes)
        defer { give(back: convolution, sizes) }
        return Int(onednn_convolution_bytes(convolution.handle))
    }

    private static func give(back convolution: Convolution, _ sizes: Sizes) {
        free.withLock { free in
            if free.values.reduce(0, { $0 + $1.count }) >= kept { free.removeAll() }
            free[sizes, default: []].append(convolution)
        }
    }

    private init(_ sizes: Sizes) {
        var shape = onednn_convolution_shape(
            inputs: Int32(sizes.inputs), outputs: Int32(sizes.outputs), height: Int32(sizes.input.height),
            width: Int32(sizes.input.width), out_height: Int32(sizes.output.height), out_width: Int32(sizes.output.width),
            kernel_height: Int32(sizes.kernel.height), kernel_width: Int32(sizes.kernel.width),
            stride_height: Int32(sizes.stride.height), stride_width: Int32(sizes.stride.width),
            padding_height: Int32(sizes.padding.height), padding_width: Int32(sizes.padding.width),
            input_block: Int32(sizes.inputBlock), output_block: Int32(sizes.outputBlock))
        var status: Int32 = 0
        guard let handle = onednn_convolution_create(&shape, &status) else {
            preconditionFailure("oneDNN refuses the convolution \(sizes) with status \(status).")
        }
        self.handle = handle
    }

    deinit { onednn_convolution_destroy(handle) }

    func forward(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) { Self.check(onednn_convolution_forward(handle, x, y)) }

    /// Overwrites the gradient of x.
    func backwardInput(_ gradient: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Float>) {
        Self.check(onednn_convolution_backward_input(handle, gradient, x))
    }

    /// Adds to the gradients of kernels and bias.
    func backwardKernels(
        _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ kernels: UnsafeMutablePointer<Float>,
        _ bias: UnsafeMutablePointer<Float>?
    ) { Self.check(onednn_convolution_backward_kernels(handle, x, gradient, kernels, bias)) }

    private static func check(_ status: Int32) {
        precondition(status == 0, "oneDNN ends a convolution with status \(status) (1: out of memory).")
    }
}

/// Height and width.
public struct Extent: Hashable, Sendable, Codable {
    public var height: Int
    public var width: Int

    public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }
    /// A square.
    public init(_ side: Int) { self.init(side, side) }

    var count: Int { height * width }
}
