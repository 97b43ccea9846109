public import SentioKit

/// How often a set of test songs was looked at.
public struct TestSetUse: Sendable, Equatable {
    /// SHA-256 of the songs' hashes, sorted, one a line.
    public var hash: String
    public var songs: Int
    /// Oldest first.
    public var looks: [Look]
    /// Looks at other test sets that have songs of this one, and the most songs that one of them shares.
    public var overlapping: Int
    public var mostShared: Int

    /// One evaluation: a table of scored songs that was not seen before.
    public struct Look: Sendable, Equatable {
        /// The run that made it; it may have been deleted since.
        public var run: String
        public var pipeline: String
        public var stage: String
        /// The hash of the table of scored songs.
        public var artifact: String
        /// Seconds since 1970.
        public var at: Double
    }

    /// Distinct runs that looked.
    public var runs: Int { Set(looks.map(\.run)).count }

    /// `These 174 test songs were looked at 14 times by 9 runs.`
    public var sentence: String {
        func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
        var text =
            "\(songs == 1 ? "This test song was" : "These \(songs) test songs were") looked at \(times(looks.count))"
        text += " by \(runs == 1 ? "one run" : "\(runs) runs")"
        if overlapping > 0 {
            text += "; \(times(overlapping)) more as part of other test sets, which share up to \(mostShared) songs"
        }
        return text + "."
    }

    public var value: Value {
        [
            "test_set": .string(hash), "songs": .int(songs), "times": .int(looks.count), "runs": .int(runs),
            "overlapping": .int(overlapping), "most_shared": .int(mostShared), "sentence": .string(sentence),
            "looks": .list(
                looks.map {
                    [
                        "run": .string($0.run), "pipeline": .string($0.pipeline), "stage": .string($0.stage),
                        "artifact": .string($0.artifact), "at": .double($0.at),
                    ]
                }),
        ]
    }
}
