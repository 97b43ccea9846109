import CNNKernels
import COneDNN
import Synchronization

/// A convolution of one sample, compiled by oneDNN for this processor. Not thread-safe.
///
/// Compiling one takes milliseconds, so they are pooled: `with` borrows one and returns it.
final class Convolution: @unchecked Sendable {
    /// Sizes of one sample. Channels are in groups of `inputBlock` and `outputBlock`; 1: no groups.
    struct Sizes: Hashable, Sendable {
        var inputs: Int, outputs: Int
        var input: Extent, output: Extent
        var kernel: Extent, stride: Extent, padding: Extent
        var inputBlock = 1, outputBlock = 1

        var inputCount: Int { inputs * input.count }
        var outputCount: Int { outputs * output.count }
        var kernelCount: Int { outputs * inputs * kernel.count }

        /// From a few channels to groups of channels: our own kernels compute the gradients.
        var isWide: Bool { inputs <= 4 && inputBlock == 1 && outputBlock > 1 && kernel.count <= 64 }
        /// From groups of channels to a single channel: our own kernels compute everything.
        var isNarrow: Bool { outputs == 1 && outputBlock == 1 && inputBlock > 1 }
    }

    /// The group size at which this processor's convolutions are fastest: 16 channels with AVX-512, 8 without.
    static let block = Int(onednn_channel_block())
    /// The most convolutions that the pool holds.
    private static let kept = 256
    private static let free = Mutex<[Sizes: [Convolution]]>([:])

    private let sizes: Sizes
    /// Nil if oneDNN is not needed.
    private let handle: OpaquePointer?
    private var kernels: UnsafePointer<Float>?
    private var bias: UnsafePointer<Float>?

    /// Borrows a convolution, with its kernels [outputs, inputs, kH, kW] and bias [outputs] (none: zeros) in place.
    static func with<Result>(
        _ sizes: Sizes, kernels: UnsafePointer<Float>, bias: UnsafePointer<Float>?, _ body: (Convolution) -> Result
    ) -> Result {
        let convolution = free.withLock { $0[sizes]?.popLast() } ?? Convolution(sizes)
        defer { give(back: convolution, sizes) }
        (convolution.kernels, convolution.bias) = (kernels, bias)
        if let handle = convolution.handle { check(onednn_convolution_set_kernels(handle, kernels, bias)) }
        return body(convolution)
    }

    /// Bytes that a convolution of these sizes takes. It is compiled to find out, and stays in the pool.
    static func bytes(_ sizes: Sizes) -> Int {
        let convolution = free.withLock { $0[sizes]?.popLast() } ?? Convolution(sizes)
        defer { give(back: convolution, sizes) }
        return convolution.handle.map { Int(onednn_convolution_bytes($0)) } ?? 0
    }

    private static func give(back convolution: Convolution, _ sizes: Sizes) {
        free.withLock { free in
            if free.values.reduce(0, { $0 + $1.count }) >= kept { free.removeAll() }
            free[sizes, default: []].append(convolution)
        }
    }

    private init(_ sizes: Sizes) {
        self.sizes = sizes
        guard !sizes.isNarrow else {
            handle = nil
            return
        }
        var shape = onednn_convolution_shape(
            inputs: Int32(sizes.inputs), outputs: Int32(sizes.outputs), height: Int32(sizes.input.height),
            width: Int32(sizes.input.width), out_height: Int32(sizes.output.height),
            out_width: Int32(sizes.output.width),
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

    deinit { if let handle { onednn_convolution_destroy(handle) } }

    func forward(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
        guard let kernels, sizes.isNarrow else { return Self.check(onednn_convolution_forward(handle, x, y)) }
        packed(sizes.inputs * sizes.kernel.count) { packed in
            nn_narrow_forward(
                x, groups, block, Int64(sizes.input.height), Int64(sizes.input.width), kernels, bias?.pointee ?? 0,
                sizes.kernel.pair,
                sizes.stride.pair, sizes.padding.pair, Int64(sizes.output.height), Int64(sizes.output.width), packed, y)
        }
    }

    /// Overwrites the gradient of x.
    func backwardInput(_ gradient: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Float>) {
        guard let kernels, sizes.isNarrow || sizes.isWide else {
            return Self.check(onednn_convolution_backward_input(handle, gradient, x))
        }
        let (rows, columns) = (Int64(sizes.output.height), Int64(sizes.output.width))
        let (height, width) = (Int64(sizes.input.height), Int64(sizes.input.width))
        if sizes.isWide {
            packed(sizes.outputs * (sizes.kernel.count + 7) / 8 * 8) { packed in
                nn_wide_input_gradient(
                    gradient, groups, block, rows, columns, kernels, Int64(sizes.inputs), sizes.kernel.pair,
                    sizes.stride.pair,
                    sizes.padding.pair, height, width, packed, x)
            }
        } else {
            packed(sizes.inputs * sizes.kernel.count) { packed in
                nn_narrow_input_gradient(
                    gradient, groups, block, height, width, kernels, sizes.kernel.pair, sizes.stride.pair,
                    sizes.padding.pair, rows,
                    columns, packed, x)
            }
        }
    }

    /// Adds to the gradients of kernels and bias.
    func backwardKernels(
        _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ kernels: UnsafeMutablePointer<Float>,
        _ bias: UnsafeMutablePointer<Float>?
    ) {
        let (rows, columns) = (Int64(sizes.output.height), Int64(sizes.output.width))
        let (height, width) = (Int64(sizes.input.height), Int64(sizes.input.width))
        if sizes.isNarrow {
            nn_narrow_kernel_gradient(
                x, gradient, groups, block, height, width, sizes.kernel.pair, sizes.stride.pair, sizes.padding.pair,
                rows, columns, kernels)
            if let bias { for place in 0..<sizes.outputCount { bias[0] += gradient[place] } }
        } else if sizes.isWide {
            // oneDNN 2.6 takes 35 ms on one core for this gradient of a spectrogram's first layer, longer than the 28
            // ms of the second layer's, which has ten times the arithmetic.
            for input in 0..<sizes.inputs {
                nn_kernel_gradient_1(
                    x + input * sizes.input.count, height, width, gradient, groups, block, rows, columns,
                    sizes.kernel.pair,
                    sizes.stride.pair, sizes.padding.pair, Int64(sizes.inputs * sizes.kernel.count),
                    kernels + input * sizes.kernel.count,
                    input == 0 ? bias : nil)
            }
        } else {
            Self.check(onednn_convolution_backward_kernels(handle, x, gradient, kernels, bias))
        }
    }

    /// The group size of the side whose channels are in groups.
    private var block: Int64 { Int64(sizes.isWide ? sizes.outputBlock : sizes.inputBlock) }
    private var groups: Int64 { Int64(sizes.isWide ? sizes.outputs : sizes.inputs) / block }

    private func packed(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { if let base = $0.baseAddress { body(base) } }
    }

    private static func check(_ status: Int32) {
        precondition(status == 0, "A oneDNN convolution failed with status \(status) (1: out of memory).")
    }
}

/// A height and a width: of a kernel, stride, padding or pooling window.
public struct Extent: Hashable, Sendable, Codable {
    /// Along the third axis of [N, C, H, W].
    public var height: Int
    /// Along the last axis of [N, C, H, W].
    public var width: Int

    /// Height first, as PyTorch has it.
    public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }
    /// A square.
    public init(_ side: Int) { self.init(side, side) }

    var count: Int { height * width }
    /// For C.
    var pair: [Int64] { [Int64(height), Int64(width)] }
}
