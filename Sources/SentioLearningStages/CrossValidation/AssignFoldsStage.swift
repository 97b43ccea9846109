package import SentioKit
import SentioLearn
import SentioSongStages

/// Assigns songs to the folds of a cross-validation, once for each repeat. Part of `cross-validate` and `stack`.
///
/// Assigns all songs of the labels, or, where a split is connected, the songs of its sets in `fit_on`, in the split's
/// groups. Songs of one group stay together, and so do ids that are the same recording: by their bytes or, with
/// `duplicates` or a split made with it, by their sound. Folds are of about equal size. Output: song_id, group, fold_0,
/// fold_1, … one column per repeat, and recording where copies are known. Deterministic for one seed.
package struct AssignFoldsStage: Stage {
    package static let kind = "assign-folds"
    package static let version = 1
    package static let summary = "Assigns songs to folds; part of cross-validate and stack."

    static let folds = Parameter(
        "folds", default: 10, in: 2...1000, "Number of folds.", source: "Kohavi 1995")
    static let repeats = Parameter(
        "repeats", default: 1, in: 1...1000, "Number of repeats, each with a new assignment of all songs.")
    static let group = Parameter<[String]>(
        "group", default: [SplitStage.noGroup],
        "Metadata column whose songs stay in one fold, or a list, of which the first existing column is used; `none`: "
            + "each song on its own."
    )
    static let stratify = Parameter(
        "stratify", default: SplitStage.Stratify.none,
        "Balance the folds over the cells of a 5×5 grid of the first two dimensions.")
    static let fitOn = Parameter(
        "fit_on", default: [FitOn.train],
        "With a split: the sets whose songs are assigned to folds, train, or train and validation.")
    static let seed = Parameter<Int?>("seed", default: .some(nil), "Seed of its own; null: the run's seed.")

    package static let parameters: [any ParameterDefinition] = [folds, repeats, group, stratify, fitOn, seed]
    static let labels = InputPort("labels", .labels, "Ratings and metadata.")
    static let split = InputPort(
        "split", .split, isRequired: false, "If connected, only its training songs are assigned.")
    package static let inputs = [labels, split, DuplicateTable.port]
    static let foldsOutput = OutputPort("folds", .folds, "song_id, group, and one column of folds per repeat.")
    package static let outputs = [foldsOutput]

    private let configuration: Configuration
    private let assignment: SongAssignment
    private let sets: [SplitSet]

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        try SongAssignment.check(configuration[Self.group])
        assignment = SongAssignment(
            groupColumns: configuration[Self.group], isStratified: configuration[Self.stratify] == .grid5)
        sets = try FitOn.sets(configuration, of: Self.fitOn)
    }

    package var drawsRandomNumbers: Bool { configuration[Self.seed] == nil }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.labels]) }

    package func run(_ context: StageContext) throws {
        let labels = try context.table(Self.labels)
        let folds = configuration[Self.folds], repeats = configuration[Self.repeats]
        let seed = configuration[Self.seed].map { UInt64(bitPattern: Int64($0)) } ?? context.seed
        let (songs, recordings) = try songs(labels, context)
        let planner = try SplitPlanner(songs: songs, grid: try assignment.grid)
        let plans = try (0..<repeats).map { number in
            do {
                let own = Hashing.seed(run: Int(truncatingIfNeeded: seed), stage: "repeat", replicate: number)
                return try planner.folds(count: folds, seed: own)
            } catch LearnError.cannotSplit(let reason) {
                let most =
                    planner.groupCount > 1
                    ? " At most: `--set \(context.option("folds", madeAs: "folds"))=\(planner.groupCount)`." : ""
                throw StageFailure(
                    "\(context.stage) cannot assign songs to folds: \(reason). Lower `folds`, or train on more "
                        + "songs.\(most) Models with inner folds of their own see fewer songs; lower their `folds` too."
                )
            }
        }
        let rows = songs.enumerated().map { index, song -> [String] in
            let folds = plans.map { plan in plan.folds[song.id].map { String($0) } ?? "" }
            return [song.id, song.group ?? ""] + folds + (recordings.map { [$0[index]] } ?? [])
        }
        let columns =
            ["song_id", "group"] + plans.indices.map { "fold_\($0)" }
            + (recordings == nil ? [] : [RecordingNames.column])
        try context.writeTable(
            Self.foldsOutput, Table(columns: columns, rows: rows), fitted: Lineage(),
            attributes: ["folds": .int(folds), "repeats": .int(repeats), "seed": .string(String(seed))])
        context.services.metric("songs", Double(songs.count))
        context.services.metric("groups", Double(planner.groupCount))
    }

    /// - returns: `recordings` as in `SongGroups`.
    private func songs(
        _ labels: InputTable, _ context: StageContext
    ) throws -> (songs: [SplitSong], recordings: [String]?) {
        let duplicates = try DuplicateTable(context)
        guard context.isConnected(Self.split) else {
            let recordings = duplicates.names(of: labels.ids, warn: context.services.warn)
            let songs = try assignment.songs(labels.ids, recordings: recordings, labels, context).songs
            return (songs, recordings)
        }
        let split = try SplitTable(try context.table(Self.split))
        let ids = split.songs(in: sets).filter { labels.contains($0) }
        guard !ids.isEmpty else { throw StageFailure("The split has no song with labels to train on.") }
        let recordings =
            duplicates.names(of: ids, warn: context.services.warn)
            ?? split.recordings.map { known in ids.map { known[$0] ?? "" } }
        let groups = SongGroups(
            labels: ids.map { split.groups[$0] ?? "" }, sources: ids.map { labels.sources(of: $0) },
            recordings: recordings)
        return (try assignment.songs(ids, groups: groups.numbers.map { String($0) }, labels), recordings)
    }
}
