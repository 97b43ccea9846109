/// Simple statistics of a spectrogram [mels, frames]: for sixteen groups of bands, the mean over time, the deviation
/// over time and the mean change from frame to frame; loudness and its deviation; the spectral centroid over the groups
/// and its deviation.
///
/// The units are those of the input values. Deterministic.
enum SpectrogramStatistics {
    private static let groups = 16

    static let names: [String] =
        ["mean", "deviation", "change"].flatMap { kind in (0..<groups).map { "\(kind)_\($0)" } } + [
            "loudness", "loudness_deviation", "centre", "centre_deviation",
        ]

    /// - precondition: the values are mels x frames, both at least 1.
    static func compute(_ values: some RandomAccessCollection<Float>, mels: Int, frames: Int) -> [Double] {
        precondition(values.count == mels * frames && mels > 0 && frames > 0)
        let start = values.startIndex
        var means = [Double](repeating: 0, count: groups), deviations = means, changes = means
        var loudness = [Double](repeating: 0, count: frames), centre = loudness, weight = loudness
        let low = Double(values.min() ?? 0)
        for group in 0..<groups {
            // With fewer bands than groups, some bands are in several groups.
            let first = group * mels / groups, last = max(first + 1, (group + 1) * mels / groups)
            var line = [Double](repeating: 0, count: frames)
            for band in first..<last {
                for frame in 0..<frames {
                    line[frame] += Double(values[values.index(start, offsetBy: band * frames + frame)])
                }
            }
            for frame in 0..<frames { line[frame] /= Double(last - first) }
            (means[group], deviations[group]) = moments(line)
            changes[group] =
                zip(line, line.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) } / Double(max(1, frames - 1))
            for frame in 0..<frames {
                loudness[frame] += line[frame] / Double(groups)
                centre[frame] += Double(group) * (line[frame] - low)
                weight[frame] += line[frame] - low
            }
        }
        for frame in 0..<frames {
            centre[frame] = weight[frame] > 0 ? centre[frame] / weight[frame] : Double(groups - 1) / 2
        }
        let (loud, centred) = (moments(loudness), moments(centre))
        return means + deviations + changes + [loud.mean, loud.deviation, centred.mean, centred.deviation]
    }

    private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
    }
}
