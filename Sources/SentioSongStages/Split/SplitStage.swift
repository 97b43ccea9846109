package import SentioKit
import SentioLearn
import SentioNumerics

/// Assigns songs to train, validation and test before anything is fitted.
///
/// Songs of one group stay together, and so do copies of one recording: files with the same bytes and, with
/// `duplicates`, files that sound the same. With `grid5` each set gets its share of every cell of a 5×5 grid over the
/// observed range of the first two dimensions. With `folds` every song is in one of k folds; fold `test_fold` is the
/// test set and `validation` is taken from the rest. With `column` the sets are those of a published split, so that
/// numbers can be compared with a paper's. `train_fraction` below 1 leaves some training songs out, for learning
/// curves. Output: song_id, set, fold (empty without folds), group; with `duplicates` also recording, the group of
/// copies; a song that is left out has no row. Deterministic for one seed.
package struct SplitStage: Stage {
    package static let kind = "split"
    package static let version = 1
    package static let summary = "Assigns songs to train, validation and test, by song, artist or any metadata column."

    package enum Stratify: String, ParameterChoice { case none, grid5 }

    static let test = Parameter(
        "test", default: 0.1, in: 0...0.9, "Fraction of songs in the test set; not used with `folds`.",
        source: "Sentio study")
    static let validation = Parameter(
        "validation", default: 0.1, in: 0...0.9, "Fraction of songs in the validation set, for model selection.",
        source: "Sentio study")
    static let group = Parameter<[String]>(
        "group", default: [noGroup],
        "Metadata column; songs with the same value stay together. In a list, the first column that exists is used; "
            + "`none`: each song by itself."
    )
    static let stratify = Parameter(
        "stratify", default: Stratify.none,
        "none, or grid5: each set gets its share of every cell of a 5×5 grid over the first two dimensions.")
    static let folds = Parameter(
        "folds", default: 0, in: 0...1000, "Number of folds that the songs are assigned to; 0: no folds.")
    static let testFold = Parameter(
        "test_fold", default: 0, in: 0...999, "Fold that is the test set, counted from 0; only with `folds`.")
    static let column = Parameter<String?>(
        "column", default: .some(nil),
        "Metadata column with a published split: train, validation or test for each song; null: this stage assigns "
            + "the songs."
    )
    static let trainFraction = Parameter(
        "train_fraction", default: 1.0, in: 0.001...1,
        "Fraction of the training songs to keep, for learning curves; the others are in no set. Smaller fractions are "
            + "subsets of larger ones, groups stay together, and validation and test are the same for all fractions.",
        keepsDefaultInKey: false)
    static let seed = Parameter<Int?>(
        "seed", default: .some(nil),
        "Seed of the split, to keep it fixed while the run's seed changes; null: the run's seed.")

    /// The value of `group` for "each song by itself".
    package static let noGroup = "none"

    package static let parameters: [any ParameterDefinition] = [
        test, validation, group, stratify, folds, testFold, column, trainFraction, seed,
    ]
    static let labels = InputPort("labels", .labels, "Ratings and metadata.")
    package static let inputs = [labels, DuplicateTable.port]
    static let split = OutputPort("split", .split, "song_id, set, fold, group.")
    package static let outputs = [split]

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let folds = configuration[Self.folds], testFold = configuration[Self.testFold]
        if configuration[Self.column] != nil, folds > 0 || configuration[Self.stratify] != .none {
            throw ConfigurationErrors("column", "a published split cannot be combined with `folds` or `stratify`.")
        }
        if folds == 1 {
            throw ConfigurationErrors("folds", "one fold leaves nothing to train on; give 0 or at least 2.")
        }
        try SongAssignment.check(configuration[Self.group])
        if folds > 0, testFold >= folds {
            throw ConfigurationErrors("test_fold", "there are only folds 0 to \(folds - 1).")
        }
        if folds == 0, testFold != 0 { throw ConfigurationErrors("test_fold", "it needs `folds`.") }
        let testShare = folds > 0 ? 1 / Double(folds) : configuration[Self.test]
        if testShare + configuration[Self.validation] >= 1 {
            throw ConfigurationErrors("validation", "together with the test set, it leaves no songs to train on.")
        }
    }

    package var drawsRandomNumbers: Bool {
        configuration[Self.seed] == nil
            && (configuration[Self.column] == nil || configuration[Self.trainFraction] < 1)
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.labels]) }

    package func run(_ context: StageContext) throws {
        let labels = try context.table(Self.labels)
        let ids = labels.ids
        let assignment = SongAssignment(
            groupColumns: configuration[Self.group], isStratified: configuration[Self.stratify] == .grid5)
        let recordings = try DuplicateTable(context).names(of: ids, warn: context.services.warn)
        let (groups, songs) = try assignment.songs(ids, recordings: recordings, labels, context)
        let seed = configuration[Self.seed].map { UInt64(bitPattern: Int64($0)) } ?? context.seed
        var foldOf: [String: Int] = [:]
        let sets: [String: SplitSet]
        if let column = configuration[Self.column] {
            sets = try PublishedSplit(labels, column: column).sets(
                ids: ids, groups: groups, recordings: recordings, warn: context.services.warn)
        } else {
            (sets, foldOf) = try assign(songs, grid: try assignment.grid, seed: seed, context)
        }
        let kept = TrainingSubset.reduce(
            sets, to: configuration[Self.trainFraction], songs: zip(ids, groups.numbers).map { ($0, $1) }, seed: seed)
        if kept.count < sets.count {
            context.services.log("\(IDList.songs(sets.count - kept.count)) left out by `train_fraction`")
        }
        try write(kept, foldOf: foldOf, ids: ids, groups: groups, recordings, context)
    }

    private func write(
        _ sets: [String: SplitSet], foldOf: [String: Int], ids: [String], groups: SongGroups, _ recordings: [String]?,
        _ context: StageContext
    ) throws {
        let rows: [[String]] = ids.enumerated().compactMap { index, id in
            sets[id].map {
                [id, $0.rawValue, foldOf[id].map(String.init) ?? "", String(groups.numbers[index])]
                    + (recordings.map { [$0[index]] } ?? [])
            }
        }
        let columns = ["song_id", "set", "fold", "group"] + (recordings == nil ? [] : [RecordingNames.column])
        try context.writeTable(Self.split, Table(columns: columns, rows: rows), fitted: Lineage())
        for set in SplitSet.allCases {
            let count = sets.values.count { $0 == set }
            context.services.metric("songs.\(set.rawValue)", Double(count))
            context.services.log("\(set.rawValue): \(IDList.songs(count))")
        }
        context.services.metric("groups", Double(groups.count))
    }

    private func assign(
        _ songs: [SplitSong], grid: StratificationGrid?, seed: UInt64, _ context: StageContext
    ) throws -> ([String: SplitSet], [String: Int]) {
        let planner = try SplitPlanner(songs: songs, grid: grid)
        do { return try assign(songs, planner, grid: grid, seed: seed) } catch LearnError.cannotSplit(let reason) {
            let cure =
                configuration[Self.folds] > planner.groupCount && planner.groupCount > 1
                ? "Lower `folds` to at most \(planner.groupCount): `--set "
                    + "\(context.option("folds"))=\(planner.groupCount)`."
                : configuration[Self.validation] > 0
                    ? "Use no validation songs (`--set \(context.option("validation"))=0`), or more songs."
                    : "Use more songs."
            throw StageFailure("The songs cannot be split: \(reason). \(cure)")
        }
    }

    private func assign(
        _ songs: [SplitSong], _ planner: SplitPlanner, grid: StratificationGrid?, seed: UInt64
    ) throws -> ([String: SplitSet], [String: Int]) {
        let folds = configuration[Self.folds], validation = configuration[Self.validation]
        guard folds > 0 else {
            return (try planner.split(validation: validation, test: configuration[Self.test], seed: seed).sets, [:])
        }
        let testFold = configuration[Self.testFold]
        let plan = try planner.folds(count: folds, seed: seed)
        let rest = songs.filter { plan.folds[$0.id] != testFold }
        // `validation` is a fraction of all songs; here it is taken from those outside the test fold.
        let share = validation / (1 - 1 / Double(folds))
        var sets = try SplitPlanner(songs: rest, grid: grid).split(validation: share, test: 0, seed: seed).sets
        for song in plan.songs(in: testFold) { sets[song] = .test }
        return (sets, plan.folds)
    }
}
