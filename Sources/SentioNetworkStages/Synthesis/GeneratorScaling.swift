import SentioBase
import SentioKit

/// How the values of spectrograms map to a generator's -1...1. Values outside are clipped; inside the mapping is linear
/// in each band and invertible.
enum GeneratorScaling: Sendable, Equatable {
    /// One range for all bands.
    case range(DecibelRange)
    /// Each band by its own mean and deviation.
    case bands(BandScaling)

    /// The linear mapping of a band.
    func line(_ band: Int) -> (scale: Double, shift: Double) {
        switch self {
        case .range(let range): (range.scale, range.shift)
        case .bands(let bands): bands.line(band)
        }
    }

    /// The size of 1 on the generator's scale in each band, in the units of the spectrograms.
    func units(mels: Int) -> [Double] { (0..<mels).map { 1 / line($0).scale } }

    /// A generator output [mels, frames], in the units of the spectrograms.
    func restored(_ values: UnsafeBufferPointer<Float>, frames: Int) -> [Float] {
        switch self {
        case .range(let range): values.map { range.restored($0) }
        case .bands(let bands): values.enumerated().map { bands.restored($1, band: $0 / frames) }
        }
    }

    /// For the log.
    var text: String {
        switch self {
        case .range(let range): range.text
        case .bands(let bands): bands.text
        }
    }

    /// For `config.json`: the key, which tells an older version that it cannot read the model, and the value.
    var entry: (key: String, value: Value) {
        switch self {
        case .range(let range): ("range", range.value)
        case .bands(let bands): ("bands", bands.value)
        }
    }

    /// Nil if neither is present, or the number of bands differs.
    init?(_ config: Value?, mels: Int) {
        if let range = DecibelRange(config?["range"]) {
            self = .range(range)
        } else if let bands = BandScaling(config?["bands"]), bands.means.count == mels {
            self = .bands(bands)
        } else {
            return nil
        }
    }
}

/// Scaling of each mel band by its mean and deviation over the training songs: -1...1 is the mean plus or minus `reach`
/// deviations.
struct BandScaling: Sendable, Equatable {
    let means: [Double]
    let deviations: [Double]

    /// Deviations on either side of the mean. Nearly all values of music lie within, so tanh need not saturate for the
    /// values that matter.
    static let reach = 3.0
    /// The least deviation, in the units of the spectrograms: a band that hardly varies is not amplified.
    private static let leastDeviation = 1.0

    /// - precondition: one mean and one positive deviation a band.
    init(means: [Double], deviations: [Double]) {
        precondition(means.count == deviations.count && deviations.allSatisfy { $0 > 0 })
        (self.means, self.deviations) = (means, deviations)
    }

    /// Of all frames of some spectrograms with the same bands.
    init(_ spectrograms: [SongSpectrogram]) {
        var moments = BandMoments(mels: spectrograms.first?.mels ?? 0)
        for song in spectrograms {
            var values = [Float](repeating: 0, count: song.mels * song.frames)
            values.withUnsafeMutableBufferPointer {
                song.put(
                    0..<song.frames, into: $0, width: song.frames, column: 0, scale: 1, shift: 0, adding: false)
            }
            moments.add(values)
        }
        self.init(means: moments.means, deviations: moments.deviations.map { max(Self.leastDeviation, $0) })
    }

    func line(_ band: Int) -> (scale: Double, shift: Double) {
        let scale = 1 / (Self.reach * deviations[band])
        return (scale, -means[band] * scale)
    }

    func restored(_ value: Float, band: Int) -> Float {
        Float(means[band] + Double(value) * Self.reach * deviations[band])
    }

    var text: String {
        let low = means.min() ?? 0, high = means.max() ?? 0
        return "bands by their means (\(NumberText.three(low)) to \(NumberText.three(high))) and deviations "
            + "(\(NumberText.three(deviations.min() ?? 0)) to \(NumberText.three(deviations.max() ?? 0)))"
    }

    /// For `config.json`.
    var value: Value {
        [
            "means": .list(means.map { .double($0) }), "deviations": .list(deviations.map { .double($0) }),
            "reach": .double(Self.reach),
        ]
    }

    /// Nil for anything else, and for another reach.
    init?(_ value: Value?) {
        guard let means = value?["means"]?.list?.compactMap(\.double),
            let deviations = value?["deviations"]?.list?.compactMap(\.double), !means.isEmpty,
            means.count == value?["means"]?.list?.count, means.count == deviations.count,
            means.allSatisfy(\.isFinite), deviations.allSatisfy({ $0 > 0 && $0.isFinite }),
            value?["reach"]?.double == Self.reach
        else { return nil }
        self.init(means: means, deviations: deviations)
    }
}
