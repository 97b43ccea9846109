import CAudioKernels
import Foundation

/// Computes acoustic fingerprints: energies of 33 bands between 300 and 2000 Hz, spaced by logarithm, in Hann windows
/// of 372 ms every 23 ms (Haitsma and Kalker 2002).
///
/// Only windows that lie wholly in the clip count, so that an excerpt has the frames of the whole. Frames more than 60
/// dB below the loudest are silent. Thread-safe; deterministic.
public struct Fingerprinter: Sendable {
    /// Length of a window, in samples at `AcousticFingerprint.sampleRate`.
    static let fftSize = 2048
    /// Bits of a word, one less than there are bands.
    static let bits = 32
    /// Bits of a word that are taken for reliable.
    static let reliableBits = 16
    /// Lower edge of the lowest band, in Hz.
    static let lowestHz = 300.0
    /// Upper edge of the highest band, in Hz; at least twice as many samples a second are needed.
    public static let highestHz = 2000.0
    /// Power of a silent frame, as a fraction of that of the loudest.
    static let silence: Float = 1e-6

    private let sampleRate: Int
    private let resampler: Resampler
    private let stft: STFT
    private let bank: Bank
    private let workspaces: WorkspacePool<SpectrumWorkspace>

    /// Whole bins that are added up for each band.
    private struct Bank: Sendable {
        let first: [Int32]
        let length: [Int32]
        let weights: [Float]
        var bands: Int { first.count }

        init() {
            let width = Double(AcousticFingerprint.sampleRate) / Double(Fingerprinter.fftSize)
            let count = Fingerprinter.bits + 1
            let edges = (0...count).map { edge -> Int32 in
                let ratio = Fingerprinter.highestHz / Fingerprinter.lowestHz
                let hz = Fingerprinter.lowestHz * pow(ratio, Double(edge) / Double(count))
                return Int32((hz / width).rounded(.up))
            }
            first = Array(edges.dropLast())
            length = zip(edges.dropFirst(), edges).map { $0 - $1 }
            weights = [Float](repeating: 1, count: Int(length.reduce(0, +)))
        }

        /// One more than the highest bin.
        var usedBins: Int { Int((first.last ?? 0) + (length.last ?? 0)) }
    }

    /// - Parameter sampleRate: of the clips, in Hz.
    /// - Throws: `AudioError.setting` for a rate below twice `highestHz`.
    public init(sampleRate: Int) throws {
        guard Double(sampleRate) >= 2 * Self.highestHz else {
            throw AudioError.setting(
                name: "sample_rate",
                reason: "a fingerprint needs frequencies up to 2000 Hz, which sound at \(sampleRate) Hz does not have")
        }
        self.sampleRate = sampleRate
        resampler = Resampler(from: sampleRate, to: AcousticFingerprint.sampleRate)
        let stft = try STFT(fftSize: Self.fftSize, hopLength: AcousticFingerprint.hopLength)
        self.stft = stft
        bank = Bank()
        workspaces = WorkspacePool { SpectrumWorkspace(stft) }
    }

    /// The fingerprint of mono samples; empty for a clip shorter than two windows, 395 ms.
    /// - Throws: `AudioError.noSamples`; `AudioError.unusableSample`; `AudioError.resampling`.
    public func fingerprint(_ samples: [Float]) throws -> AcousticFingerprint {
        guard !samples.isEmpty else { throw AudioError.noSamples }
        if let index = SampleCheck.firstUnusable(samples) { throw AudioError.unusableSample(index: index) }
        let clip = try resampler.resample(AudioClip(samples: samples, channels: 1, sampleRate: sampleRate))
        let half = Self.fftSize / 2, hop = AcousticFingerprint.hopLength
        let first = half / hop, last = (clip.samples.count - half) / hop
        guard clip.samples.count >= Self.fftSize, last > first else { return AcousticFingerprint(words: [], masks: []) }
        let frames = stft.frameCount(samples: clip.samples.count)
        let stride = (frames + SpectrumBlock.lanes - 1) / SpectrumBlock.lanes * SpectrumBlock.lanes
        return workspaces.with { workspace in
            let base = workspace.clip.reserve(bank.bands * stride)
            clip.samples.withUnsafeBufferPointer { samples in
                stft.forEachBlock(samples, workspace, magnitude: false, bins: bank.usedBins) { block in
                    audio_sparse_bank(
                        block.power, bank.weights, bank.first, bank.length, Int64(bank.bands), base + block.firstFrame,
                        Int64(stride))
                }
            }
            return Self.signs(base, stride: stride, frames: first...last)
        }
    }

    /// - Parameter energies: [bands][stride].
    private static func signs(
        _ energies: UnsafeMutablePointer<Float>, stride: Int, frames: ClosedRange<Int>
    ) -> AcousticFingerprint {
        let totals = frames.map { frame in (0...bits).reduce(Float(0)) { $0 + energies[$1 * stride + frame] } }
        let floor = silence * (totals.max() ?? 0)
        var words: [UInt32] = [], masks: [UInt32] = []
        words.reserveCapacity(totals.count)
        masks.reserveCapacity(totals.count)
        var differences = [Float](repeating: 0, count: bits), sizes = differences
        for (index, frame) in frames.enumerated().dropFirst() {
            for bit in 0..<bits {
                let low = energies + (bit * stride + frame), high = energies + ((bit + 1) * stride + frame)
                differences[bit] = (low[0] - high[0]) - (low[-1] - high[-1])
                sizes[bit] = differences[bit].magnitude
            }
            sizes.sort(by: >)
            let least = sizes[reliableBits - 1]
            var word: UInt32 = 0, mask: UInt32 = 0
            for bit in 0..<bits {
                if differences[bit] > 0 { word |= 1 << UInt32(bit) }
                if differences[bit] != 0, differences[bit].magnitude >= least { mask |= 1 << UInt32(bit) }
            }
            words.append(word)
            masks.append(totals[index] > floor && totals[index - 1] > floor ? mask : 0)
        }
        return AcousticFingerprint(words: words, masks: masks)
    }
}
