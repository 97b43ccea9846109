import Foundation
import SentioKit
import SentioRunStore

/// A run store as after a year of ablations, filled through the recorder that real runs use.
struct SyntheticHistory {
    let folder: String
    let store: RunStore

    private static let stages = [
        "songs", "waves", "mels", "table", "split", "scale", "ridge", "svr", "trees", "stack", "score", "report",
    ]

    private let isKept: Bool

    /// - Parameter folder: a workspace to keep, which may already contain runs; nil for a temporary one, deleted by
    ///   `remove`.
    init(in folder: String? = nil) throws {
        let made = FileManager.default.temporaryDirectory.appendingPathComponent("sentio-history-\(UUID().uuidString)")
            .path
        (self.folder, isKept) = (folder ?? made, folder != nil)
        try FileManager.default.createDirectory(atPath: self.folder + "/artifacts", withIntermediateDirectories: true)
        store = try RunStore.open(path: self.folder + "/artifacts/runs.sqlite")
    }

    func remove() { if !isKept { try? FileManager.default.removeItem(atPath: folder) } }

    /// Adds runs until there are `count`.
    func fill(to count: Int) throws {
        for index in try store.runs().count..<max(count, try store.runs().count) { addRun(index) }
    }

    /// A recorder that prints its errors.
    func recorder() -> RunRecorder {
        RunRecorder(store: store) { sentence in FileHandle.standardError.write(Data((sentence + "\n").utf8)) }
    }

    /// A run at its start: 12 stages, 10 parameters, 3 tags.
    static func description(_ index: Int, stages: [String] = stages) -> RunDescription {
        var parameters = (0..<8).map {
            RunDescription.Parameter(name: "parameter_\($0)", value: .int($0), origin: "phase1.yaml:6")
        }
        parameters.append(.init(name: "ratio", value: .double(Double(index % 9) / 4), origin: "phase1.yaml:5"))
        parameters.append(.init(name: "epochs", value: .int(index % 30), origin: "phase1.yaml:5"))
        let tags = ["owner": "bench", "arm": "\(index % 9)", "batch": "\(index / 100)"]
        let places = stages.enumerated().map { place, stage in
            RunDescription.Stage(name: stage, kind: stage, after: place == 0 ? [] : [stages[place - 1]])
        }
        return RunDescription(
            id: "20260101-\(String(format: "%06d", index))-beef", pipeline: index % 3 == 0 ? "phase4" : "phase1",
            file: "phase1.yaml",
            name: index % 4 == 0 ? "arm-\(index)" : nil, seed: index % 5, replicate: index % 5,
            parameters: parameters, tags: tags, arguments: ["run", "phase1.yaml"],
            environment: ["host": "bench", "cores": 2, "processor": "made up"], startedAt: 1.77e9 + Double(index) * 60,
            processID: Int(ProcessInfo.processInfo.processIdentifier),
            stages: places)
    }

    /// Adds a run that executed its last two stages, with 60 metrics, and found the others cached.
    func addRun(_ index: Int) {
        let recorder = recorder(), description = Self.description(index)
        recorder.receive(.runStarted(description))
        var outcomes: [StageOutcome] = []
        for (position, stage) in Self.stages.enumerated() {
            let isOwn = position >= Self.stages.count - 2
            let name = isOwn ? "\(stage)-\(index)" : stage
            var outcome = StageOutcome(
                stage: stage, kind: stage, state: isOwn ? .executed : .cached,
                reason: isOwn ? RunReason(.neverRun) : nil,
                key: StageKey(Hashing.content(name)), seconds: 0.5, outputs: ["out": Hashing.content("out of " + name)],
                configuration: ["alpha": .double(1), "n_mels": 128])
            if stage == "score" {
                for dimension in ["", "valence.", "arousal."] {
                    for measure in ["ccc", "r2", "rmse", "mae", "pearson"] {
                        for (end, part) in ["", ".low", ".high", ".sd"].enumerated() {
                            let value = Double((index * 37 + measure.utf8.count * 11 + end) % 1000) / 1000
                            outcome.metrics["test.\(dimension)\(measure)\(part)"] = value
                        }
                    }
                }
            }
            outcomes.append(outcome)
            recorder.receive(.stageFinished(outcome))
        }
        recorder.receive(
            .runFinished(RunOutcome(run: description.id, status: .succeeded, seconds: 3, stages: outcomes)))
        recorder.finish()
    }

    /// Adds a run with one stage that recorded learning curves.
    func addCurves(_ index: Int, series: Int, steps: Int) {
        let recorder = recorder(), description = Self.description(index, stages: ["train"])
        recorder.receive(.runStarted(description))
        var outcome = StageOutcome(
            stage: "train", kind: "ast-train", state: .executed, reason: RunReason(.neverRun),
            key: StageKey(Hashing.content("train \(index)")), seconds: 100)
        for number in 0..<series {
            outcome.series["loss_\(number)"] = (0..<steps).map { step in
                SeriesPoint(
                    step: step,
                    value: 1 / (1 + Double(step) / 100) + Double((step * 7919 + index + number) % 101) / 1000)
            }
        }
        recorder.receive(.stageFinished(outcome))
        recorder.receive(
            .runFinished(RunOutcome(run: description.id, status: .succeeded, seconds: 100, stages: [outcome])))
        recorder.finish()
    }
}
