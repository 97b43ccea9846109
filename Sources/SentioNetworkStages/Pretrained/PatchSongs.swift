import SentioNN
import SentioNumerics

/// Songs as the patches that a network reads: log-mel patches, or stored activations of them.
protocol PatchSongs: Sendable {
    /// In the order of their indices.
    var ids: [String] { get }
    /// Of one patch.
    var shape: Shape { get }
    /// Patches whose mean prediction is that of a song.
    func patchCount(of song: Int) -> Int
    /// Writes `share` times a patch.
    /// - parameter adding: added to what is there.
    func put(_ patch: Int, of song: Int, share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool)
        throws
    /// The same for a patch of a song drawn at random.
    /// - parameter gain: largest random gain in dB, either way.
    func putAny(
        of song: Int, gain: Double, share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool,
        _ random: inout Philox
    ) throws
}

extension PatchSongs {
    /// Song and patch of all patches that predict, song after song.
    var patches: [(song: Int, patch: Int)] {
        ids.indices.flatMap { song in (0..<patchCount(of: song)).map { (song, $0) } }
    }
}
