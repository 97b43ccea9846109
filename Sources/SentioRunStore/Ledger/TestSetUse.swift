public import SentioKit

/// How often a set of test songs was used to score models.
public struct TestSetUse: Sendable, Equatable {
    /// SHA-256 of the songs' sorted hashes, one per line.
    public var hash: String
    /// Number of songs in the set.
    public var songs: Int
    /// The evaluations on this set, oldest first.
    public var looks: [Look]
    /// Number of evaluations on other test sets that share songs with this one.
    public var overlapping: Int
    /// The largest number of songs that one of those sets shares with this one.
    public var mostShared: Int

    /// One evaluation: a table of scored songs that had not been recorded before.
    public struct Look: Sendable, Equatable {
        /// The id of the run that made it; the run may have been deleted since.
        public var run: String
        /// The name of the pipeline.
        public var pipeline: String
        /// The name of the stage that scored.
        public var stage: String
        /// The hash of the table of scored songs.
        public var artifact: String
        /// Seconds since 1970.
        public var at: Double
    }

    /// Number of distinct runs among `looks`.
    public var runs: Int { Set(looks.map(\.run)).count }

    /// The counts for people: `These 174 test songs were used 14 times by 9 runs.`
    public var sentence: String {
        func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
        var text =
            "\(songs == 1 ? "This test song was" : "These \(songs) test songs were") used \(times(looks.count))"
        text += " by \(runs == 1 ? "one run" : "\(runs) runs")"
        if overlapping > 0 {
            text +=
                "; \(overlapping) more time\(overlapping == 1 ? "" : "s") as part of other test sets, "
                + "which share up to \(mostShared) songs"
        }
        return text + "."
    }

    /// The JSON object that `--json` prints.
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
