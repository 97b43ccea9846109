public import SentioLearn

/// The songs that one arm predicts better or worse than the baseline, individually and in groups.
public struct ChangedSongs: Sendable, Equatable {
    /// A song with its change.
    public struct Song: Sendable, Equatable {
        /// Song id.
        public let id: String
        /// Mean absolute error of the arm minus that of the baseline, averaged over dimensions and replicates, in
        /// rating units. Negative is better.
        public let change: Double
        /// True and predicted ratings, one entry per dimension.
        public let ratings: [Rating]

        /// The rating of a song in one dimension and its predictions, averaged over replicates.
        public struct Rating: Sendable, Equatable {
            /// `valence`, `arousal`.
            public let dimension: String
            /// The true rating.
            public let truth: Double
            /// Prediction of the baseline.
            public let before: Double
            /// Prediction of the arm.
            public let after: Double
        }
    }

    /// Songs with a common property.
    public struct Group: Sendable, Equatable {
        /// `quadrant`, or a metadata column.
        public let by: String
        /// The value that the songs have in common.
        public let name: String
        /// Number of songs.
        public let songs: Int
        /// Mean change with its 95 % interval over the songs (Student's t). Exploratory: not corrected for multiple
        /// comparisons.
        public let change: Interval
    }

    /// Name of the arm.
    public let arm: String
    /// Name of the baseline.
    public let baseline: String
    /// The most improved songs, largest change first.
    public let better: [Song]
    /// The most worsened songs, largest change first.
    public let worse: [Song]
    /// Groups by quadrant and by metadata, the largest first for each.
    public let groups: [Group]
    /// Groupings that are not possible, as sentences.
    public let remarks: [String]

    /// - Parameters:
    ///   - arm: index of the arm.
    ///   - count: number of songs to list in each direction. Default 5.
    ///   - columns: metadata columns to group by. Missing ones give a remark. Default genre.
    public init(_ comparison: ArmComparison, arm: Int, facts: SongFacts, count: Int = 5, columns: [String] = ["genre"])
    {
        let aligned = comparison.aligned, base = comparison.baseline
        func mean(_ runs: [[Double]], _ song: Int) -> Double { runs.reduce(0) { $0 + $1[song] } / Double(runs.count) }
        func error(_ runs: [[Double]], _ truth: Double, _ song: Int) -> Double {
            runs.reduce(0) { $0 + ($1[song] - truth).magnitude } / Double(runs.count)
        }
        let songs = aligned.songs.indices.map { index in
            let changes = aligned.dimensions.map { dimension in
                (error(dimension.predicted[arm], dimension.truth[index], index)
                    - error(dimension.predicted[base], dimension.truth[index], index)) / facts.unit(of: dimension.name)
            }
            return Song(
                id: aligned.songs[index], change: changes.reduce(0, +) / Double(changes.count),
                ratings: aligned.dimensions.map { dimension in
                    .init(
                        dimension: dimension.name, truth: dimension.truth[index],
                        before: mean(dimension.predicted[base], index),
                        after: mean(dimension.predicted[arm], index))
                })
        }
        self.arm = comparison.labels[arm]
        baseline = comparison.labels[base]
        let sorted = songs.sorted { ($0.change, $0.id) < ($1.change, $1.id) }
        better = Array(sorted.prefix { $0.change < 0 }.prefix(count))
        worse = Array(sorted.reversed().prefix { $0.change > 0 }.prefix(count))
        var groups: [Group] = [], remarks: [String] = []
        let truths = Dictionary(aligned.dimensions.map { ($0.name, $0.truth) }, uniquingKeysWith: { first, _ in first })
        if let valence = truths["valence"], let arousal = truths["arousal"], let middle = facts.middle {
            groups += Self.groups(songs, by: "quadrant") { index, _ in
                Quadrant(
                    isHigh: [arousal[index] >= middle, valence[index] >= middle], dimensions: ["arousal", "valence"]
                ).text
            }
        } else {
            remarks.append("No groups by quadrant: valence, arousal or their common rating scale is not stored.")
        }
        for column in columns {
            if facts.metadataColumns.contains(column) {
                groups += Self.groups(songs, by: column) { _, song in facts.text(column, of: song.id) ?? "not given" }
            } else {
                remarks.append(
                    "The labels have no column `\(column)`"
                        + (facts.metadataColumns.isEmpty
                            ? "." : "; they have \(facts.metadataColumns.joined(separator: ", "))."))
            }
        }
        self.groups = groups
        self.remarks = remarks
    }

    /// The twelve largest groups of at least three songs, the largest first.
    private static func groups(_ songs: [Song], by name: String, _ key: (Int, Song) -> String) -> [Group] {
        var members: [String: [Double]] = [:]
        for (index, song) in songs.enumerated() { members[key(index, song), default: []].append(song.change) }
        let sized = members.filter { $0.value.count >= 3 }
        return sized.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.prefix(12).map { key, changes in
            let count = Double(changes.count), mean = changes.reduce(0, +) / count
            let variance = changes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
            let half = StudentDistribution.quantile(0.975, degrees: count - 1) * (variance / count).squareRoot()
            return Group(
                by: name, name: key, songs: changes.count,
                change: Interval(estimate: mean, lower: mean - half, upper: mean + half))
        }
    }
}
