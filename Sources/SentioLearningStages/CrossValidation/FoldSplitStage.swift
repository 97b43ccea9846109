package import SentioKit
import SentioLearn
import SentioSongStages

/// The split of one fold: its songs are the test set, the others the training set. Part of `cross-validate` and
/// `stack`.
///
/// Without a split, `validation`, a fraction of all songs, is taken from those outside the fold, keeping groups
/// together. With a split, its validation songs remain validation songs, and its test songs are left out so that no
/// stage reads them. `fold: null` holds nothing out: all assigned songs are training songs, and the split's test songs
/// the test set. Output: as that of `split`. Deterministic for one table of folds.
package struct FoldSplitStage: Stage {
    package static let kind = "fold-split"
    package static let version = 1
    package static let summary = "The split of one fold; part of cross-validate and stack."

    static let fold = Parameter<Int?>(
        "fold", default: .some(nil), in: 0...999, "The fold to test on, counting from 0; null: none.")
    static let number = Parameter("repeat", default: 0, in: 0...999, "The repeat of the fold, counting from 0.")
    static let validation = Parameter(
        "validation", default: 0.0, in: 0...0.9, "Fraction of all songs for model selection.")
    static let stratify = Parameter(
        "stratify", default: SplitStage.Stratify.none,
        "How the validation songs are stratified; anything but none needs `labels`.")

    package static let parameters: [any ParameterDefinition] = [fold, number, validation, stratify]
    static let folds = InputPort("folds", .folds, "Folds from assign-folds.")
    static let split = InputPort("split", .split, isRequired: false, "The split whose training songs were assigned.")
    static let labels = InputPort("labels", .labels, isRequired: false, "Ratings to stratify by.")
    package static let inputs = [folds, split, labels]
    static let splitOutput = OutputPort("split", .split, "song_id, set, fold, group.")
    package static let outputs = [splitOutput]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.folds]) }

    package func run(_ context: StageContext) throws {
        let fold = configuration[Self.fold], number = configuration[Self.number]
        let table = try FoldTable(try context.table(Self.folds), repeat: number)
        var sets: [String: SplitSet] = [:],
            groups = Dictionary(zip(table.ids, table.groups), uniquingKeysWith: { first, _ in first }),
            recordings = table.recordings
        for (id, own) in zip(table.ids, table.folds) { sets[id] = own == fold ? .test : .train }
        if let fold, !table.folds.contains(fold) {
            throw StageFailure("There is no fold \(fold) in repeat \(number) of \(context.stage).")
        }
        if context.isConnected(Self.split) {
            let outer = try SplitTable(try context.table(Self.split))
            for id in outer.songs(in: fold == nil ? [.validation, .test] : [.validation]) where sets[id] == nil {
                sets[id] = outer.songs[.test]?.contains(id) == true ? .test : .validation
                // The groups of the assigned songs have new numbers; the prefix avoids collisions with them.
                if let group = outer.groups[id] { groups[id] = "outer \(group)" }
            }
            // Both name recordings as the same table of duplicates does.
            if let known = outer.recordings { recordings = known.merging(recordings ?? [:]) { $1 } }
        } else if configuration[Self.validation] > 0 {
            for id in try validationSongs(table, context) { sets[id] = .validation }
        }
        let foldOf = Dictionary(zip(table.ids, table.folds), uniquingKeysWith: { first, _ in first })
        let rows = sets.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { id in
            [id, sets[id]?.rawValue ?? "", foldOf[id].map { String($0) } ?? "", groups[id] ?? ""]
                + (recordings.map { [$0[id] ?? ""] } ?? [])
        }
        let columns = ["song_id", "set", "fold", "group"] + (recordings == nil ? [] : [RecordingNames.column])
        try context.writeTable(Self.splitOutput, Table(columns: columns, rows: rows), fitted: Lineage())
        for set in SplitSet.allCases {
            context.services.metric("songs.\(set.rawValue)", Double(sets.values.count { $0 == set }))
        }
    }

    private func validationSongs(_ table: FoldTable, _ context: StageContext) throws -> [String] {
        let fold = configuration[Self.fold], validation = configuration[Self.validation]
        let rest = table.ids.indices.filter { table.folds[$0] != fold }
        let ids = rest.map { table.ids[$0] }, groups = rest.map { table.groups[$0] }
        let assignment = SongAssignment(
            groupColumns: [SplitStage.noGroup], isStratified: configuration[Self.stratify] == .grid5)
        if assignment.isStratified, !context.isConnected(Self.labels) {
            throw StageFailure("`stratify` needs `labels` of \(context.stage) to be connected.")
        }
        let songs =
            assignment.isStratified
            ? try assignment.songs(ids, groups: groups, try context.table(Self.labels))
            : zip(ids, groups).map { SplitSong(id: $0, group: $1) }
        // `validation` is a fraction of all songs; the planner needs it relative to those outside the fold.
        let share = validation * Double(table.ids.count) / Double(max(1, ids.count))
        guard share < 1 else {
            throw StageFailure("`validation` \(validation) and the fold leave no songs to train on.")
        }
        let seed = Hashing.seed(
            run: Int(truncatingIfNeeded: table.seed), stage: "validation", item: fold.map { String($0) },
            replicate: configuration[Self.number])
        do {
            return try SplitPlanner(songs: songs, grid: try assignment.grid).split(
                validation: share, test: 0, seed: seed
            )
            .songs(in: .validation)
        } catch LearnError.cannotSplit(let reason) {
            throw StageFailure(
                "\(context.stage) cannot take validation songs from outside its fold: \(reason). To use none: `--set "
                    + "\(context.option("validation", madeAs: "split"))=0`."
            )
        }
    }
}
