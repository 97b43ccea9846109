import CAudioKernels

/// Triangular filters on Slaney's mel scale with Slaney's area normalisation: librosa.filters.mel. Rows are sparse
/// (a filter touches 1 to 30 of 1025 bins). A filter too narrow for the FFT's resolution is empty and gives 0, as in
/// librosa.
public struct MelFilterBank: Sendable, Equatable {
    public let mels: Int
    public let bins: Int
    /// Bins from 0 up to the highest a filter touches.
    var usedBins: Int { zip(first, length).reduce(1) { max($0, Int($1.0 + $1.1)) } }
    /// Filters too narrow for the transform: no bin lies in them, and their rows are the same for every sound.
    public var emptyBands: Int { length.count { $0 == 0 } }
    let first: [Int32]
    let length: [Int32]
    /// The rows' weights one after another.
    let weights: [Float]

    /// Hz for rates and limits. Throws `AudioError.setting` unless 1 <= mels <= 4096 and 0 <= minHz < maxHz <=
    /// sampleRate/2.
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
                // librosa rounds the triangle to float32 before it scales it
                weights.append(Float(Double(Float(weight)) * (2 / (right - left))))
            }
            first.append(Int32(start ?? 0))
            length.append(Int32(count))
        }
        self.first = first
        self.length = length
        self.weights = weights
    }

    /// Row-major [mels, bins] with the zeros.
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

    /// Mel power of a block into `out` [mels][stride], 16 frames from its `firstFrame` on.
    func apply(_ block: SpectrumBlock, into out: UnsafeMutablePointer<Float>, stride: Int) {
        audio_sparse_bank(block.power, weights, first, length, Int64(mels), out + block.firstFrame, Int64(stride))
    }
}
