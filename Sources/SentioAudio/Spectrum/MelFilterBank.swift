import CAudioKernels

/// Triangular filters on Slaney's mel scale with Slaney's area normalization, as in librosa.filters.mel. Rows are
/// sparse (a filter covers 1 to 30 of 1025 bins). As in librosa, a filter too narrow for the resolution of the FFT is
/// empty and gives 0.
public struct MelFilterBank: Sendable, Equatable {
    let mels: Int
    let bins: Int
    /// Number of bins up to the highest that a filter covers.
    var usedBins: Int { zip(first, length).reduce(1) { max($0, Int($1.0 + $1.1)) } }
    /// Number of filters that contain no bin because they are too narrow; their rows are the same for any audio.
    public var emptyBands: Int { length.count { $0 == 0 } }
    let first: [Int32]
    let length: [Int32]
    /// The weights of all rows, concatenated.
    let weights: [Float]

    /// Filters between `minHz` and `maxHz` (nil: sampleRate/2) for a transform of `fftSize` samples. Rates and limits
    /// are in Hz; the defaults are librosa's.
    /// - Throws: `AudioError.setting` unless 1 <= mels <= 4096 and 0 <= minHz < maxHz <= sampleRate/2.
    public init(sampleRate: Int, fftSize: Int, mels: Int = 128, minHz: Double = 0, maxHz: Double? = nil) throws {
        let nyquist = Double(sampleRate) / 2
        let top = maxHz ?? nyquist
        guard (1...4096).contains(mels) else {
            throw AudioError.setting(name: "n_mels", reason: "\(mels) is not between 1 and 4096")
        }
        guard minHz >= 0, minHz < top, top <= nyquist else {
            throw AudioError.setting(
                name: "fmin, fmax",
                reason: "\(minHz) to \(top) Hz is not a range within 0 to \(nyquist) Hz, half the sample rate")
        }
        self.mels = mels
        bins = fftSize / 2 + 1
        let low = MelScale.mel(hz: minHz)
        let step = (MelScale.mel(hz: top) - low) / Double(mels + 1)
        let centers = (0..<(mels + 2)).map { MelScale.hz(mel: low + step * Double($0)) }
        var first: [Int32] = []
        var length: [Int32] = []
        var weights: [Float] = []
        for row in 0..<mels {
            let (left, center, right) = (centers[row], centers[row + 1], centers[row + 2])
            var start: Int?
            var count = 0
            for bin in 0..<bins {
                let hz = Double(bin) * Double(sampleRate) / Double(fftSize)
                let weight = min((hz - left) / (center - left), (right - hz) / (right - center))
                guard weight > 0 else { continue }
                if start == nil { start = bin }
                count += 1
                // librosa rounds the triangle to float32 before scaling it.
                weights.append(Float(Double(Float(weight)) * (2 / (right - left))))
            }
            first.append(Int32(start ?? 0))
            length.append(Int32(count))
        }
        self.first = first
        self.length = length
        self.weights = weights
    }

    /// The filters as a dense row-major matrix [mels, bins].
    public var dense: [Float] {
        var result = [Float](repeating: 0, count: mels * bins)
        var next = 0
        for row in 0..<mels {
            for i in 0..<Int(length[row]) {
                result[row * bins + Int(first[row]) + i] = weights[next]
                next += 1
            }
        }
        return result
    }

    /// Writes the mel power of a block to `out` [mels][stride], 16 frames starting at its `firstFrame`.
    func apply(_ block: SpectrumBlock, into out: UnsafeMutablePointer<Float>, stride: Int) {
        audio_sparse_bank(block.power, weights, first, length, Int64(mels), out + block.firstFrame, Int64(stride))
    }
}
