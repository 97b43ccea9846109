import CAudioKernels
import Foundation
import SentioNumerics

/// Short-time Fourier transform with librosa's conventions: periodic Hann window of `fftSize` samples, frame t centered
/// on sample t*hopLength, zero-padded at both ends (center=True, pad_mode="constant"). A clip of n samples has 1 +
/// n/hopLength frames, so that clips shorter than a window are defined too. FFTW in float32, or in float64 rounded to
/// float32 as in librosa. Deterministic; thread-safe: each thread uses its own `SpectrumWorkspace`.
public struct STFT: Sendable {
    /// Samples in a window. Default 2048 (librosa).
    public let fftSize: Int
    /// Samples from frame to frame. Default 512 (librosa).
    public let hopLength: Int
    /// Number of frequencies from 0 to half the sample rate: fftSize/2 + 1.
    public var bins: Int { fftSize / 2 + 1 }
    let precision: Precision
    let window: [Double]
    let singleWindow: [Float]
    let transform: RealFFT
    /// Frames transformed by one call; their windows fit the first-level cache.
    static let batch = 4

    /// Precision of the transform.
    public enum Precision: Sendable {
        /// float32: twice as fast, errors about 140 dB below the loudest bin of the frame.
        case single
        /// float64: equals librosa in such faint bins too.
        case double
    }

    /// - Throws: `AudioError.setting` unless `fftSize` is even and in 16...65536 and `hopLength` is in 1...fftSize.
    public init(fftSize: Int = 2048, hopLength: Int = 512, precision: Precision = .single) throws {
        guard (16...65_536).contains(fftSize), fftSize.isMultiple(of: 2) else {
            throw AudioError.setting(name: "n_fft", reason: "\(fftSize) is not an even number between 16 and 65536")
        }
        guard (1...fftSize).contains(hopLength) else {
            throw AudioError.setting(name: "hop_length", reason: "\(hopLength) is not between 1 and n_fft = \(fftSize)")
        }
        self.fftSize = fftSize
        self.hopLength = hopLength
        self.precision = precision
        window = (0..<fftSize).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(fftSize)) }
        singleWindow = window.map { Float($0) }
        transform = .shared(size: fftSize, count: Self.batch)
    }

    func frameCount(samples: Int) -> Int { 1 + samples / hopLength }

    /// Calls `body` for each block of 16 frames. Frames missing from the last block are zero. Only the first `usedBins`
    /// bins of each block are computed.
    func forEachBlock(
        _ samples: UnsafeBufferPointer<Float>, _ workspace: SpectrumWorkspace, magnitude: Bool,
        bins usedBins: Int? = nil,
        _ body: (SpectrumBlock) -> Void
    ) {
        let frames = frameCount(samples: samples.count)
        let bins = min(usedBins ?? self.bins, self.bins)
        for first in stride(from: 0, to: frames, by: SpectrumBlock.lanes) {
            let count = min(SpectrumBlock.lanes, frames - first)
            switch precision {
            case .single: transformSingle(samples, first, count, workspace)
            case .double: transformDouble(samples, first, count, workspace)
            }
            audio_power_lanes(
                workspace.spectrum.pointer, Int64(transform.complexStride), Int64(bins), workspace.power.pointer,
                magnitude ? workspace.magnitude.pointer : nil)
            body(
                SpectrumBlock(
                    firstFrame: first, frames: count, bins: bins, power: UnsafePointer(workspace.power.pointer),
                    magnitude: UnsafePointer(workspace.magnitude.pointer)))
        }
    }

    private func transformSingle(
        _ samples: UnsafeBufferPointer<Float>, _ first: Int, _ count: Int, _ workspace: SpectrumWorkspace
    ) {
        let stride = transform.realStride
        for lane in Swift.stride(from: 0, to: SpectrumBlock.lanes, by: Self.batch) {
            let valid = min(max(count - lane, 0), Self.batch)
            audio_window_frames(
                samples.baseAddress, Int64(samples.count), Int64((first + lane) * hopLength - fftSize / 2),
                Int64(hopLength),
                Int64(valid), singleWindow, Int64(fftSize), workspace.real.pointer, Int64(stride))
            (workspace.real.pointer + valid * stride).update(repeating: 0, count: (Self.batch - valid) * stride)
            transform.forward(workspace.real, into: workspace.spectrum, row: lane)
        }
    }

    private func transformDouble(
        _ samples: UnsafeBufferPointer<Float>, _ first: Int, _ count: Int, _ workspace: SpectrumWorkspace
    ) {
        guard let buffers = workspace.double else { preconditionFailure("The workspace was made for another STFT.") }
        let stride = buffers.transform.realStride
        for lane in Swift.stride(from: 0, to: SpectrumBlock.lanes, by: Self.batch) {
            let valid = min(max(count - lane, 0), Self.batch)
            audio_window_frames_f64(
                samples.baseAddress, Int64(samples.count), Int64((first + lane) * hopLength - fftSize / 2),
                Int64(hopLength),
                Int64(valid), window, Int64(fftSize), buffers.real.pointer, Int64(stride))
            (buffers.real.pointer + valid * stride).update(repeating: 0, count: (Self.batch - valid) * stride)
            buffers.transform.forward(buffers.real, into: buffers.spectrum)
            for row in 0..<Self.batch {
                audio_narrow(
                    buffers.spectrum.pointer + row * buffers.transform.complexStride, Int64(2 * bins),
                    workspace.spectrum.pointer + (lane + row) * transform.complexStride)
            }
        }
    }

    /// Magnitudes, row-major [bins, frames].
    public func magnitude(_ samples: [Float]) -> Spectrogram {
        let frames = frameCount(samples: samples.count)
        var values = [Float](repeating: 0, count: bins * frames)
        let workspace = SpectrumWorkspace(self)
        samples.withUnsafeBufferPointer { samples in
            forEachBlock(samples, workspace, magnitude: true) { block in
                for bin in 0..<bins {
                    for lane in 0..<block.frames {
                        values[bin * frames + block.firstFrame + lane] =
                            block.magnitude[bin * SpectrumBlock.lanes + lane]
                    }
                }
            }
        }
        return Spectrogram(bands: bins, frames: frames, values: values)
    }
}

/// Sixteen consecutive frames of a spectrum, laid out [bin][lane].
struct SpectrumBlock {
    static let lanes = Int(AUDIO_LANES)

    let firstFrame: Int
    /// Number of lanes that contain a frame; the others are zero.
    let frames: Int
    let bins: Int
    let power: UnsafePointer<Float>
    /// Valid only if the caller requested magnitudes.
    let magnitude: UnsafePointer<Float>
}

/// Buffers of one thread for an STFT, reused from clip to clip.
final class SpectrumWorkspace: Sendable {
    let real: AlignedFloats
    let spectrum: AlignedFloats
    let power: AlignedFloats
    let magnitude: AlignedFloats
    /// For the caller, for the duration of one clip.
    let clip = GrowingBuffer()

    let double: DoubleBuffers?

    /// Additional buffers of the float64 transform.
    struct DoubleBuffers: Sendable {
        let transform: DoubleRealFFT
        let real: AlignedDoubles
        let spectrum: AlignedDoubles
    }

    init(_ stft: STFT) {
        switch stft.precision {
        case .single: double = nil
        case .double:
            let transform = DoubleRealFFT.shared(size: stft.fftSize, count: STFT.batch)
            double = DoubleBuffers(
                transform: transform, real: AlignedDoubles(count: transform.realStride * STFT.batch),
                spectrum: AlignedDoubles(count: transform.complexStride * STFT.batch))
        }
        let lanes = SpectrumBlock.lanes
        real = AlignedFloats(count: stft.transform.realStride * STFT.batch)
        spectrum = AlignedFloats(count: stft.transform.complexStride * lanes)
        power = AlignedFloats(count: stft.bins * lanes)
        magnitude = AlignedFloats(count: stft.bins * lanes)
    }
}
