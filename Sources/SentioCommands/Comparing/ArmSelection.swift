import ArgumentParser
import SentioKit
import SentioReport
import SentioRunStore

/// The arms of a comparison or a report: runs named on the command line, or the cells of a sweep.
struct ArmSelection {
    let arms: [Arm]
    /// The scoring stage of each arm; nil for the one that all arms have.
    let stages: [String?]
    /// The newest run of each arm, for parameters and remarks.
    let runs: [String]
    let sweep: SweepArms?

    /// - Parameter texts: `RUN` or `RUN:STAGE`.
    init(runs texts: [String], in store: RunStore) throws {
        var arms: [Arm] = [], stages: [String?] = [], ids: [String] = []
        for text in texts {
            let (id, stage) = try Self.resolve(text, store)
            let name = try store.details(id).summary.name ?? id
            let headline = try store.headline(id)
            ids.append(id)
            stages.append(stage)
            arms.append(
                Arm(
                    label: stage.map { "\(name):\($0)" } ?? name,
                    runs: [.init(run: id, number: 0, columns: try store.predictions(run: id))],
                    headline: headline))
        }
        // Stages of the same run need only their own names as labels.
        if Set(ids).count == 1, !stages.contains(nil), Set(stages).count == stages.count {
            arms = zip(arms, stages).map { Arm(label: $1 ?? $0.label, runs: $0.runs, headline: $0.headline) }
        }
        // Runs with the same name are distinguished by their ids.
        let labels = arms.map(\.label)
        self.arms = arms.enumerated().map { index, arm in
            labels.count { $0 == arm.label } == 1
                ? arm
                : Arm(
                    label: stages[index].map { "\(ids[index]):\($0)" } ?? ids[index], runs: arm.runs,
                    headline: arm.headline)
        }
        self.stages = stages
        self.runs = ids
        sweep = nil
    }

    init(sweep text: String, over: String?, in store: RunStore) throws {
        let found = try SweepArms(try store.sweep(matching: text), over: over, in: store)
        sweep = found
        arms = found.arms
        stages = []
        runs = found.arms.compactMap { $0.runs.last?.run }
    }

    /// A full run id or name may contain a colon, so it is tried first.
    private static func resolve(_ text: String, _ store: RunStore) throws -> (run: String, stage: String?) {
        do { return (try store.run(matching: text), nil) } catch {
            guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
                text.index(after: colon) < text.endIndex,
                let run = try? store.run(matching: String(text[..<colon]))
            else { throw error }
            return (run, String(text[text.index(after: colon)...]))
        }
    }
}
