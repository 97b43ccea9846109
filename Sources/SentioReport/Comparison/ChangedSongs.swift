public import SentioLearn

/// Which songs one arm predicts better or worse than the baseline, one by one and by groups of songs.
public struct ChangedSongs: Sendable, Equatable {
    public struct Song: Sendable, Equatable {
        public let id: String
        /// Mean absolute error of the arm - that of the baseline, mean over dimensions and replicates, in rating units:
        /// below 0 is better.
        public let change: Double
        /// By dimension: truth, prediction of the baseline, of the arm (means over replicates).
        public let ratings: [Rating]

        public struct Rating: Sendable, Equatable {
            public let dimension: String
            public let truth: Double
            public let before: Double
            public let after: Double
        }
    }

    /// Songs that have something in common.
    public struct Group: Sendable, Equatable {
        /// `quadrant`, or a metadata column.
        public let by: String
        public let name: String
        public let songs: Int
        /// Mean change with its 95 % interval over the group's songs (Student's t); one look of several, not adjusted.
        public let change: Interval
    }

    public let arm: String
    public let baseline: String
    /// The most improved first.
    public let better: [Song]
    /// The most worsened first.
    public let worse: [Song]
    public let groups: [Group]
    /// What could not be grouped by, as sentences.
    public let remarks: [String]

    /// - parameters:
    ///   - count: how many songs either way.
    ///   - columns: metadata to group by; those that are not there are said.
    public init(_ comparison: ArmComparison, arm: Int, facts: SongFacts, count: Int = 5, columns: [String] = ["genre"])
    {
        let aligned = comparison.aligned, base = comparison.baseline
        func mean(_ runs: [[Double]], _ song: Int) -> Double { runs.reduce(0) { $0 + $1[song] } / Double(runs.count) }
        func error(_ runs: [[Double]], _ truth: Double, _ song: Int) -> Double {
            runs.reduce(0) { $0 + ($1[song] - truth).magnitude } / Double(runs.count)
        }
        let songs = aligned.songs.indices.map { index in
            let changes = aligned.dimensions.map { dimension in
                error(dimension.predicted[arm], dimension.truth[index], index)
                    - error(dimension.predicted[base], dimension.truth[index], index)
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
            remarks.append("Quadrants need valence, arousal and the rating scale; one of them is not stored.")
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

    /// Groups of at least three songs, the largest first; a metadata column of one song each is no grouping.
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
