import CKernels
import Foundation
import SentioNumerics

/// Short-time Fourier transform with librosa's conventions: periodic Hann window of `fftSize` samples, frame t centred
/// on sample t*hopLength, zeros beyond both ends (center: true, pad_mode: "constant"). A clip of n samples has
/// 1 + n/hopLength frames, so a clip shorter than one window has defined frames.
/// Single precision by FFTW. Deterministic; thread-safe: each thread brings its own `SpectrumWorkspace`.
public struct STFT: Sendable {
    /// Samples in a window. Default 2048 (librosa).
    public let fftSize: Int
    /// Samples from frame to frame. Default 512 (librosa).
    public let hopLength: Int
    /// Frequencies from 0 to half the sample rate: fftSize/2 + 1.
    public var bins: Int { fftSize / 2 + 1 }
    let window: [Float]
    let transform: RealFFT

    /// Throws `AudioError.setting` unless fftSize is even and in 16...65536 and hopLength in 1...fftSize.
    public init(fftSize: Int = 2048, hopLength: Int = 512) throws {
        guard (16...65_536).contains(fftSize), fftSize.isMultiple(of: 2) else {
            throw AudioError.setting(name: "n_fft", reason: "\(fftSize) is not an even number between 16 and 65536")
        }
        guard (1...fftSize).contains(hopLength) else {
            throw AudioError.setting(name: "hop_length", reason: "\(hopLength) is not between 1 and n_fft = \(fftSize)")
        }
        self.fftSize = fftSize
        self.hopLength = hopLength
        window = (0..<fftSize).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(fftSize))) }
        transform = .shared(size: fftSize, count: SpectrumBlock.lanes)
    }

    public func frameCount(samples: Int) -> Int { 1 + samples / hopLength }

    /// Calls `body` for each block of 16 frames. The last block's missing frames are zero.
    func forEachBlock(
        _ samples: UnsafeBufferPointer<Float>, _ workspace: SpectrumWorkspace, magnitude: Bool,
        _ body: (SpectrumBlock) -> Void
    ) {
        let frames = frameCount(samples: samples.count)
        let stride = transform.realStride
        guard let base = samples.baseAddress else { return }
        for first in Swift.stride(from: 0, to: frames, by: SpectrumBlock.lanes) {
            let count = min(SpectrumBlock.lanes, frames - first)
            audio_window_frames(
                base, Int64(samples.count), Int64(first * hopLength - fftSize / 2), Int64(hopLength), Int64(count), window,
                Int64(fftSize), workspace.real.pointer, Int64(stride))
            if count < SpectrumBlock.lanes {
                (workspace.real.pointer + count * stride).update(repeating: 0, count: (SpectrumBlock.lanes - count) * stride)
            }
            transform.forward(workspace.real, into: workspace.spectrum)
            audio_power_lanes(
                workspace.spectrum.pointer, Int64(transform.complexStride), Int64(bins), workspace.power.pointer,
                magnitude ? workspace.magnitude.pointer : nil)
            body(
                SpectrumBlock(
                    firstFrame: first, frames: count, bins: bins, power: UnsafePointer(workspace.power.pointer),
                    magnitude: UnsafePointer(workspace.magnitude.pointer)))
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
                        values[bin * frames + block.firstFrame + lane] = block.magnitude[bin * SpectrumBlock.lanes + lane]
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

    public init(_ stft: STFT) {
        let lanes = SpectrumBlock.lanes
        real = AlignedFloats(count: stft.transform.realStride * lanes)
        spectrum = AlignedFloats(count: stft.transform.complexStride * lanes)
        power = AlignedFloats(count: stft.bins * lanes)
        magnitude = AlignedFloats(count: stft.bins * lanes)
    }
}
