import SentioKit
import SentioRunStore

/// Arms brought onto the same songs, dimensions and replicates, so that they can be compared pair by pair.
public struct AlignedArms: Sendable, Equatable {
    /// The scoring stage of each arm; mostly one name.
    public let stages: [String]
    public let set: String
    public let songs: [String]
    public let replicates: [Int]
    public let dimensions: [Dimension]
    /// What had to be left out, as sentences.
    public let omissions: [String]

    public struct Dimension: Sendable, Equatable {
        public let name: String
        /// One rating a song.
        public let truth: [Double]
        /// [arm][replicate][song]
        public let predicted: [[[Double]]]
    }

    /// Sets in the order in which one wants to be judged on them.
    public static let sets = ["test", "out_of_fold", "validation"]

    /// A set by the word that somebody uses for it: metrics of a cross-validation are called `pooled.valence.r2`, the
    /// songs that they are of `out_of_fold`.
    public static func set(named word: String) -> String { word == "pooled" ? "out_of_fold" : word }

    /// Both words of a set that has two.
    public static func words(for set: String) -> String { set == "out_of_fold" ? "pooled (out_of_fold)" : set }

    /// - parameters:
    ///   - stage: nil: what the arms are about; where that predicts the same in all of them, the last scoring stage
    ///   that does not.
    ///   - stages: one an arm, where arms are different stages; goes before `stage`.
    ///   - set: nil: that of the headline's metric, else `test`, else `out_of_fold`, else `validation`.
    /// - throws: `ComparisonError`.
    public init(_ arms: [Arm], stage: String? = nil, stages named: [String?] = [], set: String? = nil)
        throws(ComparisonError)
    {
        guard !arms.isEmpty, arms.allSatisfy({ !$0.runs.isEmpty }) else { throw .tooFewArms }
        for run in arms.flatMap(\.runs) where run.columns.isEmpty { throw .noPredictions(run: run.run) }
        let stages = try Self.stages(arms, stage, named)
        let chosen = try Self.chosenSet(arms, stages, set)
        let numbers = arms.map { Set($0.runs.map(\.number)) }
        // A lone run pairs with a lone run whatever its number.
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
                "Compared on the \(shared.count) songs that all were scored on; up to \(most) were scored.")
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

    /// Whether a stage's predictions are not the same in all arms: what a comparison is about, where none is named.
    private static func changes(_ stage: String, _ arms: [Arm]) -> Bool {
        let predicted = arms.map { arm in arm.runs[0].columns.filter { $0.stage == stage }.map(\.predicted) }
        return predicted.contains { $0 != predicted[0] }
    }

    /// What each arm is about, where all of them scored it. Arms that are about different stages are compared so only
    /// where their pipelines say it.
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
                // Two phases, each with one scoring stage of its own name.
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
