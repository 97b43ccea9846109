/// The buffers one thread needs for the descriptors; they grow to the longest clip and are reused.
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
