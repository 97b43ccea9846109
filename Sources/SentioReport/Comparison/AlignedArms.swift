import SentioKit
import SentioRunStore

/// Arms restricted to their common songs, dimensions and replicates, for paired comparison.
public struct AlignedArms: Sendable, Equatable {
    /// The scoring stage of each arm; usually the same name.
    public let stages: [String]
    /// The set of songs: `test`, `out_of_fold` or `validation`.
    public let set: String
    /// Ids of the songs that all arms scored, in byte order.
    public let songs: [String]
    /// Numbers of the replicates that all arms have; [0] for single runs.
    public let replicates: [Int]
    /// The rated dimensions that all arms predict.
    public let dimensions: [Dimension]
    /// What was left out, as sentences.
    public let omissions: [String]

    /// True and predicted ratings of one dimension.
    public struct Dimension: Sendable, Equatable {
        /// `valence`, `arousal`.
        public let name: String
        /// One rating per song.
        public let truth: [Double]
        /// [arm][replicate][song]
        public let predicted: [[[Double]]]
    }

    /// The sets in order of preference for a comparison.
    public static let sets = ["test", "out_of_fold", "validation"]

    /// The set with this name, where `pooled` is a synonym of `out_of_fold`: the metrics of a cross-validation are
    /// called `pooled.valence.r2`.
    public static func set(named word: String) -> String { word == "pooled" ? "out_of_fold" : word }

    /// The name of a set, with its synonym if it has one.
    public static func words(for set: String) -> String { set == "out_of_fold" ? "pooled (out_of_fold)" : set }

    /// - Parameters:
    ///   - stage: the scoring stage. nil: the headline stage of the arms; if its predictions are the same in all arms,
    ///     the last scoring stage whose predictions differ.
    ///   - stages: a scoring stage for each arm, if they differ; takes precedence over `stage`.
    ///   - set: nil: that of the headline metric, otherwise `test`, `out_of_fold` or `validation`, whichever exists.
    /// - Throws: `ComparisonError`.
    public init(_ arms: [Arm], stage: String? = nil, stages named: [String?] = [], set: String? = nil)
        throws(ComparisonError)
    {
        guard !arms.isEmpty, arms.allSatisfy({ !$0.runs.isEmpty }) else { throw .tooFewArms }
        for run in arms.flatMap(\.runs) where run.columns.isEmpty { throw .noPredictions(run: run.run) }
        let stages = try Self.stages(arms, stage, named)
        let chosen = try Self.chosenSet(arms, stages, set)
        let numbers = arms.map { Set($0.runs.map(\.number)) }
        // Single runs are compared whatever their replicate numbers.
        let isSingle = arms.allSatisfy { $0.runs.count == 1 }
        let common = numbers.dropFirst().reduce(numbers[0]) { $0.intersection($1) }.sorted()
        guard isSingle || !common.isEmpty else { throw .noCommonReplicates }
        var omissions: [String] = []
        if !isSingle {
            for (arm, own) in zip(arms, numbers) where own.count > common.count {
                omissions.append(
                    "\(arm.label) has \(own.count) replicates; the \(common.count) that all arms have are compared.")
            }
        }
        let columns: [[[ScoredColumn]]] = zip(arms, stages).map { arm, stage in
            let runs = isSingle ? arm.runs : common.compactMap { number in arm.runs.last { $0.number == number } }
            return runs.map { $0.columns.filter { $0.stage == stage && $0.set == chosen } }
        }
        let all = columns.flatMap { $0 }
        let names = all[0].map(\.dimension).filter { name in all.allSatisfy { $0.contains { $0.dimension == name } } }
        guard !names.isEmpty else { throw .noCommonStage(stages) }
        let sets = all.flatMap { run in run.filter { names.contains($0.dimension) }.map { Set($0.songs) } }
        let shared = sets.dropFirst().reduce(sets[0]) { $0.intersection($1) }
        guard shared.count >= 2 else { throw .tooFewSharedSongs(stage: stages[0], shared: shared.count) }
        if let most = sets.map(\.count).max(), most > shared.count {
            omissions.append(
                "Compared on the \(shared.count) songs scored in all arms; up to \(most) were scored.")
        }
        let songs = shared.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var dimensions: [Dimension] = []
        for name in names {
            var truth: [Double]?
            var predicted: [[[Double]]] = []
            for arm in columns {
                var values: [[Double]] = []
                for run in arm {
                    guard let column = run.first(where: { $0.dimension == name }) else { continue }
                    let rows = Dictionary(
                        zip(column.songs, zip(column.truth, column.predicted)), uniquingKeysWith: { first, _ in first })
                    let picked = songs.map { rows[$0] ?? (.nan, .nan) }
                    let ratings = picked.map { $0.0 }
                    if let truth,
                        let place = zip(truth, ratings).enumerated().first(where: { $0.element.0 != $0.element.1 })?
                            .offset
                    {
                        throw .differentTruth(song: songs[place], dimension: name)
                    }
                    truth = truth ?? ratings
                    values.append(picked.map { $0.1 })
                }
                predicted.append(values)
            }
            dimensions.append(Dimension(name: name, truth: truth ?? [], predicted: predicted))
        }
        self.stages = stages
        self.set = chosen
        self.songs = songs
        replicates = isSingle ? [0] : common
        self.dimensions = dimensions
        self.omissions = omissions
    }

    private static func names(_ arm: Arm) -> [String] {
        var seen: Set<String> = []
        let columns = arm.runs[0].columns.sorted { $0.position < $1.position }
        let names = columns.map(\.stage).filter { seen.insert($0).inserted }
        return names.filter { name in arm.runs.allSatisfy { $0.columns.contains { $0.stage == name } } }
    }

    /// Whether the predictions of a stage differ between arms.
    private static func changes(_ stage: String, _ arms: [Arm]) -> Bool {
        let predicted = arms.map { arm in arm.runs[0].columns.filter { $0.stage == stage }.map(\.predicted) }
        return predicted.contains { $0 != predicted[0] }
    }

    /// The headline stage of each arm, if all arms scored theirs. Different stages are accepted only if the pipelines
    /// declare them.
    private static func headlines(_ arms: [Arm], _ available: [[String]]) -> [String]? {
        let headlines = arms.compactMap(\.headline), stages = headlines.map(\.stage)
        guard stages.count == arms.count, zip(stages, available).allSatisfy({ $1.contains($0) }) else { return nil }
        if Set(stages).count > 1 { return headlines.allSatisfy(\.isDeclared) ? stages : nil }
        return changes(stages[0], arms) || arms.count == 1 ? stages : nil
    }

    private static func stages(_ arms: [Arm], _ stage: String?, _ named: [String?]) throws(ComparisonError) -> [String]
    {
        let available = arms.map(names)
        let shared = available[0].filter { name in available.allSatisfy { $0.contains(name) } }
        let headlines = headlines(arms, available)
        var out: [String] = []
        for (index, arm) in arms.enumerated() {
            if let wanted = (index < named.count ? named[index] : nil) ?? stage {
                guard available[index].contains(wanted) else {
                    throw .unknownStage(wanted, run: arm.runs[0].run, available: available[index])
                }
                out.append(wanted)
            } else if let headlines {
                out.append(headlines[index])
            } else if let last = shared.last(where: { Self.changes($0, arms) }) ?? shared.last {
                out.append(last)
            } else if available[index].count == 1 {
                // Different pipelines, each with a single scoring stage.
                out.append(available[index][0])
            } else {
                throw .noCommonStage(available.flatMap { $0 })
            }
        }
        return out
    }

    private static func chosenSet(_ arms: [Arm], _ stages: [String], _ wanted: String?) throws(ComparisonError)
        -> String
    {
        let found = zip(arms, stages).map { arm, stage in
            Set(arm.runs[0].columns.filter { $0.stage == stage }.map(\.set))
        }
        let shared = found.dropFirst().reduce(found[0]) { $0.intersection($1) }
        if let wanted = wanted.map(Self.set(named:)) {
            guard shared.contains(wanted) else {
                throw .unknownSet(wanted, stage: stages[0], available: shared.sorted())
            }
            return wanted
        }
        let headlines = Set(
            arms.map { arm in arm.headline?.metric?.split(separator: ".").first.map { Self.set(named: String($0)) } })
        if headlines.count == 1, let set = headlines.first ?? nil, shared.contains(set) { return set }
        guard let best = sets.first(where: shared.contains) ?? shared.sorted().first else {
            throw .noCommonStage(stages)
        }
        return best
    }
}
