import SentioKit

/// How spectrograms are standardized for a network. Padding is 0 afterwards, the mean.
enum SpectrogramScaling: Sendable, Equatable {
    /// By one mean and deviation over all training songs; loudness is preserved.
    case dataset(mean: Double, deviation: Double)
    /// By each song's own mean and deviation; loudness is lost, as in the study.
    case clip

    /// The scale and shift of a song's values.
    func factors(_ moments: SongSpectrogram.Moments) -> (scale: Double, shift: Double) {
        let (mean, deviation) =
            switch self {
            case .dataset(let mean, let deviation): (mean, deviation)
            case .clip: (moments.mean, moments.deviation)
            }
        return (1 / deviation, -mean / deviation)
    }

    /// For `config.json`.
    var value: Value {
        switch self {
        case .dataset(let mean, let deviation):
            ["method": "dataset", "mean": .double(mean), "deviation": .double(deviation)]
        case .clip: ["method": "clip"]
        }
    }

    private enum Method: String, CaseIterable { case dataset, clip }

    /// The inverse of `value`.
    /// - throws: `ModelFault` naming what is missing or out of range.
    init(_ config: ModelConfig) throws {
        switch try config.choice("method") as Method {
        case .dataset:
            self = .dataset(
                mean: try config.number("mean", in: -1e30...1e30),
                deviation: try config.number("deviation", in: 1e-30...1e30))
        case .clip: self = .clip
        }
    }
}
