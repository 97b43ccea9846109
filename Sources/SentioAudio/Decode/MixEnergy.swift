import CAudioKernels
import Foundation

/// What is left of the channels' energy in their mean.
struct MixEnergy {
    /// Decibels lost beyond those that channels without anything in common lose.
    static let limit = 7.0

    private var mixed = 0.0
    private var channelsMean = 0.0

    mutating func add(_ interleaved: UnsafePointer<Float>, mix: UnsafePointer<Float>, frames: Int, channels: Int) {
        var energies = (0.0, 0.0)
        audio_mix_energy(interleaved, mix, Int64(frames), Int64(channels), &energies.0, &energies.1)
        mixed += energies.0
        channelsMean += energies.1 / Double(channels)
    }

    /// Decibels from the channels' mean energy to the mix's, where they are suspiciously many; infinite where nothing
    /// is left. Independent channels lose 3 dB in stereo, 10 log10 of their number in general, and so does sound in one
    /// channel alone.
    func loss(channels: Int) -> Double? {
        guard channels > 1, channelsMean > 0 else { return nil }
        let loss = 10 * log10(channelsMean / mixed)
        return loss > Self.limit + 10 * log10(Double(channels)) ? loss : nil
    }
}
