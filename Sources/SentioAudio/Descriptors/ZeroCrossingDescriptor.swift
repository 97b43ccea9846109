import CAudioKernels

/// zero_crossing_rate: the fraction of samples in a frame whose sign differs from that of the previous sample, as in
/// librosa.feature.zero_crossing_rate. |x| <= 1e-10 counts as positive; the clip is padded with its first and last
/// sample.
struct ZeroCrossingDescriptor: DescriptorFamily {
    static let names = ["zero_crossing_rate"]

    private let fftSize: Int
    private let hop: Int

    init(_ settings: HandcraftedFeatures.Settings) {
        fftSize = settings.fftSize
        hop = settings.hopLength
    }

    func finish(_ samples: UnsafeBufferPointer<Float>, _ rows: DescriptorRows, _ workspace: DescriptorWorkspace) {
        guard let base = samples.baseAddress else { return }
        let out = rows.row("zero_crossing_rate")
        let buffer = workspace.marks.reserve(samples.count / 4 + 1)
        buffer.withMemoryRebound(to: UInt8.self, capacity: samples.count) { marks in
            audio_sign_changes(base, Int64(samples.count), 1e-10, marks)
            for frame in 0..<rows.frames {
                // The first sample of a frame is never counted, because its predecessor is outside the frame.
                let start = frame * hop - fftSize / 2
                let from = max(start + 1, 1)
                let to = min(start + fftSize, samples.count)
                let crossings = to > from ? audio_count_marks(marks + from, Int64(to - from)) : 0
                out[frame] = Float(Double(crossings) / Double(fftSize))
            }
        }
    }
}
