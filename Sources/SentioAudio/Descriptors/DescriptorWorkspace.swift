/// Buffers of one thread for the descriptors. They are reused and grow to the longest clip.
final class DescriptorWorkspace: Sendable {
    let spectrum: SpectrumWorkspace
    let tempo: TempoWorkspace
    let rows = GrowingBuffer()
    let scratch = GrowingBuffer()
    let marks = GrowingBuffer()
    let envelope = GrowingBuffer()

    init(stft: STFT, tempo: TempoDescriptor) {
        spectrum = SpectrumWorkspace(stft)
        self.tempo = TempoWorkspace(tempo)
    }
}
