import CAudioKernels
import Foundation
import SentioNumerics

/// Short-time Fourier transform with librosa's conventions: periodic Hann window of `fftSize` samples, frame t centred
/// on sample t*hopLength, zeros beyond both ends (center: true, pad_mode: "constant"). A clip of n samples has
/// 1 + n/hopLength frames, so a clip shorter than one window has defined frames.
/// FFTW in float32, or float64 rounded to float32 as librosa does it. Deterministic; thread-safe: each thread brings
/// its own `SpectrumWorkspace`.
public struct STFT: Sendable {
    /// Samples in a window. Default 2048 (librosa).
    public let fftSize: Int
    /// Samples from frame to frame. Default 512 (librosa).
    public let hopLength: Int
    /// Frequencies from 0 to half the sample rate: fftSize/2 + 1.
    public var bins: Int { fftSize / 2 + 1 }
    public let precision: Precision
    let window: [Double]
    let singleWindow: [Float]
    let transform: RealFFT
    /// Frames transformed by one call: their windows stay in the first-level cache.
    static let batch = 4

    public enum Precision: Sendable {
        /// Twice as fast; errors about 140 dB below the frame's loudest bin.
        case single
        /// librosa's numbers also in bins that faint.
        case double
    }

    /// Throws `AudioError.setting` unless fftSize is even and in 16...65536 and hopLength in 1...fftSize.
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

    public func frameCount(samples: Int) -> Int { 1 + samples / hopLength }

    /// Calls `body` for each block of 16 frames. The last block's missing frames are zero. Only the first `usedBins`
    /// bins of each block are filled in.
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

    /// |STFT|, row-major [bins, frames]: the plain form, for tests and scripts.
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

/// Sixteen neighbouring frames of a spectrum, laid out [bin][lane].
struct SpectrumBlock {
    static let lanes = Int(AUDIO_LANES)

    let firstFrame: Int
    /// Lanes that hold a frame; the others are zero.
    let frames: Int
    let bins: Int
    let power: UnsafePointer<Float>
    /// Valid only where the caller asked for magnitudes.
    let magnitude: UnsafePointer<Float>
}

/// The buffers one thread needs for an STFT; reused from clip to clip.
public final class SpectrumWorkspace: Sendable {
    let real: AlignedFloats
    let spectrum: AlignedFloats
    let power: AlignedFloats
    let magnitude: AlignedFloats
    /// Whatever a caller keeps for the length of one clip.
    let clip = GrowingBuffer()

    let double: DoubleBuffers?

    /// What the float64 path needs beside the rest.
    struct DoubleBuffers: Sendable {
        let transform: DoubleRealFFT
        let real: AlignedDoubles
        let spectrum: AlignedDoubles
    }

    public init(_ stft: STFT) {
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
