import SentioKit

/// Caveats of a comparison: reasons why the scores of the runs may not be comparable.
enum ComparisonRemarks {
    /// - Parameter testSongs: the scored songs of each run, empty if the history has no predictions of it.
    static func sentences(_ runs: [RunDetails], testSongs: [Set<String>]) -> [String] {
        guard let first = runs.first else { return [] }
        var sentences: [String] = []
        for (run, songs) in zip(runs, testSongs).dropFirst() where songs != testSongs[0] {
            let (left, right) = (first.summary.id, run.summary.id)
            if songs.isEmpty || testSongs[0].isEmpty {
                let empty = songs.isEmpty ? right : left
                sentences.append("The history has no predictions of \(empty), so its test songs cannot be compared.")
                continue
            }
            let shared = songs.intersection(testSongs[0]).count
            sentences.append(
                "Test songs differ: \(left) was scored on \(testSongs[0].count), \(right) on \(songs.count); "
                    + "they share \(shared). Their scores are not comparable.")
        }
        let summaries = runs.map(\.summary)
        if let sentence = difference("Code versions differ", summaries.map { ($0.id, code($0)) }) {
            sentences.append(sentence)
        }
        if let sentence = difference("Hosts differ", summaries.map { ($0.id, $0.host) }) { sentences.append(sentence) }
        for key in ["sentio_version", "processor"] {
            let values = runs.map { ($0.summary.id, $0.environment[key]?.text ?? "unknown") }
            if let sentence = difference("`\(key)` differs", values) { sentences.append(sentence) }
        }
        for run in summaries where run.gitDirty == true {
            sentences.append("\(run.id) ran with uncommitted code changes.")
        }
        for run in summaries where run.failedExpectations > 0 {
            sentences.append(
                "\(run.id) finished, but \(run.failedExpectations) of \(run.expectations) "
                    + "expectation\(run.expectations == 1 ? "" : "s") failed."
            )
        }
        for run in summaries where run.status != .succeeded {
            let state =
                run.status == .running ? "is still running" : run.status == .failed ? "failed" : "was interrupted"
            sentences.append("\(run.id) \(state); its metrics may be incomplete.")
        }
        return sentences
    }

    private static func code(_ run: RunSummary) -> String { run.gitCommit.map { String($0.prefix(12)) } ?? "unknown" }

    private static func difference(_ subject: String, _ values: [(run: String, value: String)]) -> String? {
        guard Set(values.map(\.value)).count > 1 else { return nil }
        return "\(subject): " + values.map { "\($0.run) \($0.value)" }.joined(separator: ", ") + "."
    }
}
