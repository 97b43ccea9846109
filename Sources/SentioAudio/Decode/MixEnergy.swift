import CAudioKernels
import Foundation

/// The energy of the mono mix relative to that of the channels.
struct MixEnergy {
    /// A suspicious loss: decibels beyond the loss of independent channels.
    static let limit = 7.0

    private var mixed = 0.0
    private var channelsMean = 0.0

    mutating func add(_ interleaved: UnsafePointer<Float>, mix: UnsafePointer<Float>, frames: Int, channels: Int) {
        var energies = (0.0, 0.0)
        audio_mix_energy(interleaved, mix, Int64(frames), Int64(channels), &energies.0, &energies.1)
        mixed += energies.0
        channelsMean += energies.1 / Double(channels)
    }

    /// The loss in decibels if it is suspicious, infinite if the mix is silent; nil otherwise. Independent channels
    /// lose 10 log10(channels), 3 dB in stereo; audio in one channel alone loses the same.
    func loss(channels: Int) -> Double? {
        guard channels > 1, channelsMean > 0 else { return nil }
        let loss = 10 * log10(channelsMean / mixed)
        return loss > Self.limit + 10 * log10(Double(channels)) ? loss : nil
    }
}
