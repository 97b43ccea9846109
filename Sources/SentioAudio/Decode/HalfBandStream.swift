import CAudioKernels
import Foundation

/// Halves the sample rate with a half-band filter of 63 taps (Kaiser window, beta 10), zero-padded at both ends,
/// without delay: output frame i is aligned with input frame 2i. Deterministic.
///
/// The transition band is centered on half the new rate, so aliasing stays above 0.39 of the new rate. That suffices
/// for mel bands below it and keeps the filter short; see docs/decisions.md.
final class HalfBandStream: SampleRateStream {
    private static let pairs = Int(AUDIO_HALF_BAND_PAIRS)
    /// Output frames computed at a time: always a whole block, so that rounding does not depend on how the input is
    /// split.
    private static let block = 1024
    /// Input frames that a block needs: two per output frame, and the filter's half lengths at both ends.
    private static let window = 2 * block + overlap
    /// Input frames that a block shares with the previous one.
    private static let overlap = 4 * pairs - 3

    private let channels: Int
    /// Input of the next block so far. It starts 31 frames before the one aligned with the next output frame.
    private var frames: [Float]
    private var filled: Int
    private var framesIn = 0
    private var framesOut = 0
    private var odd = [Float](repeating: 0, count: block + 2 * pairs)
    private var made: [Float]

    init(channels: Int) {
        self.channels = channels
        frames = [Float](repeating: 0, count: Self.window * channels)
        filled = 2 * Self.pairs - 1
        made = [Float](repeating: 0, count: Self.block * channels)
    }

    func push(_ start: UnsafePointer<Float>, frames count: Int, into samples: inout [Float]) {
        framesIn += count
        var done = 0
        while done < count {
            let taken = min(count - done, Self.window - filled)
            frames.withUnsafeMutableBufferPointer { frames in
                guard let base = frames.baseAddress else { return }
                (base + filled * channels).update(from: start + done * channels, count: taken * channels)
            }
            filled += taken
            done += taken
            if filled == Self.window { makeBlock(keeping: Self.block, into: &samples) }
        }
    }

    func finish(into samples: inout [Float]) {
        let wanted = (framesIn + 1) / 2
        while framesOut < wanted {
            frames.withUnsafeMutableBufferPointer { frames in
                guard let base = frames.baseAddress else { return }
                (base + filled * channels).update(repeating: 0, count: (Self.window - filled) * channels)
            }
            makeBlock(keeping: min(Self.block, wanted - framesOut), into: &samples)
        }
    }

    private func makeBlock(keeping count: Int, into samples: inout [Float]) {
        frames.withUnsafeMutableBufferPointer { frames in
            made.withUnsafeMutableBufferPointer { made in
                guard let input = frames.baseAddress, let output = made.baseAddress else { return }
                for channel in 0..<channels {
                    audio_half_band(
                        input + channel, Int64(channels), Int64(Self.block), Self.taps, &odd, output + channel)
                }
                input.update(from: input + 2 * Self.block * channels, count: Self.overlap * channels)
            }
        }
        filled = Self.overlap
        framesOut += count
        samples.append(contentsOf: made[..<(count * channels)])
    }

    /// The taps at distances 1, 3, 5, ... from the center. The center is 0.5, all others are 0; both sides sum to 0.5.
    private static let taps: [Float] = {
        let length = Double(2 * pairs - 1)
        let taps = (0..<pairs).map { k in
            let distance = Double(2 * k + 1)
            let window = bessel(10 * (1 - distance * distance / (length * length)).squareRoot())
            return sin(Double.pi * distance / 2) / (Double.pi * distance) * window
        }
        let scale = 0.25 / taps.reduce(0, +)
        return taps.map { Float($0 * scale) }
    }()

    /// The modified Bessel function I0, by its series (60 terms are exact to the last bit for x <= 10).
    private static func bessel(_ x: Double) -> Double {
        var term = 1.0
        var total = 1.0
        for n in 1...60 {
            term *= x / 2 / Double(n) * (x / 2 / Double(n))
            total += term
        }
        return total
    }
}
