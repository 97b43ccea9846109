import SentioNumerics

/// The buffers one thread needs for the descriptors; they grow to the longest clip and are reused.
final class DescriptorWorkspace: Sendable {
    let spectrum: SpectrumWorkspace
    let tempo: TempoWorkspace
    private let growing: GrowingBuffers

    init(stft: STFT, tempo: TempoDescriptor) {
        spectrum = SpectrumWorkspace(stft)
        self.tempo = TempoWorkspace(tempo)
        growing = GrowingBuffers()
    }

    /// A buffer of at least `count` floats. `slot` tells buffers apart that are used at the same time.
    func buffer(_ slot: GrowingBuffers.Slot, count: Int) -> UnsafeMutablePointer<Float> { growing.buffer(slot, count: count) }
}
