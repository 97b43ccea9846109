import SentioRunStore

/// Scoring stages of a run that scored the same songs, so that they can share a table and one mean predictor.
struct ScoreGroup {
    /// Prefix of the metrics of this set.
    let prefix: String
    /// The set in words: `test songs`.
    let words: String
    let songs: Int
    var stages: [StageDetails]

    /// The names of sets that `evaluate` and `cross-validate` use in metrics and in predictions.
    private static let sets = [
        (prefix: "test", set: "test", words: "test songs"),
        (prefix: "pooled", set: "out_of_fold", words: "songs, out of fold"),
        (prefix: "validation", set: "validation", words: "validation songs"),
    ]

    /// In the order of the stages.
    static func all(_ stages: [StageDetails], columns: [ScoredColumn]) -> [ScoreGroup] {
        var groups: [ScoreGroup] = [], keys: [Key] = []
        for stage in stages {
            guard
                let found = sets.first(where: {
                    stage.metrics["\($0.prefix).songs"] != nil && !names(stage, $0.prefix).isEmpty
                })
            else {
                continue
            }
            let songs = Int(exactly: (stage.metrics["\(found.prefix).songs"] ?? 0).rounded()) ?? 0
            let ids = columns.first { $0.stage == stage.stage && $0.set == found.set }.map { Set($0.songs) }
            let key = Key(prefix: found.prefix, songs: songs, ids: ids, dimensions: names(stage, found.prefix))
            if let index = keys.firstIndex(of: key) {
                groups[index].stages.append(stage)
            } else {
                keys.append(key)
                groups.append(ScoreGroup(prefix: found.prefix, words: found.words, songs: songs, stages: [stage]))
            }
        }
        return groups
    }

    private struct Key: Equatable {
        let prefix: String
        let songs: Int
        let ids: Set<String>?
        let dimensions: [String]
    }

    /// The rated dimensions in reverse alphabetical order: valence before arousal.
    var dimensions: [String] { Self.names(stages[0], prefix) }

    private static func names(_ stage: StageDetails, _ prefix: String) -> [String] {
        stage.metrics.keys.compactMap { name -> String? in
            let parts = name.split(separator: ".")
            guard parts.count == 3, parts[0] == prefix, parts[2] == "r2", parts[1] != "baseline" else { return nil }
            return String(parts[1])
        }.sorted(by: >)
    }

    /// The sets of songs within which stages of the group have scores of a dimension, by name.
    func sets(_ dimension: String) -> [String] {
        let start = "\(prefix).\(dimension).within.", end = ".r2"
        let names = stages.flatMap { stage in
            stage.metrics.keys.filter { $0.hasPrefix(start) && $0.hasSuffix(end) && $0.count > start.count + end.count }
        }
        return Set(names.map { String($0.dropFirst(start.count).dropLast(end.count)) }).sorted()
    }

    /// One stage for each distinct score of the mean predictor. They differ between models trained on different songs.
    func baselines(_ dimension: String) -> [StageDetails] {
        var seen: Set<Double> = []
        return stages.filter { stage in
            stage.metrics["\(prefix).baseline.\(dimension).r2"].map { seen.insert(($0 * 1000).rounded()).inserted }
                ?? false
        }
    }
}
