import Foundation
import GRDB
import SentioKit
import Synchronization

@testable import SentioRunStore

/// A folder that goes away with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("run-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func file(_ name: String = "runs.sqlite") -> String { path + "/" + name }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The twin of the system's processes.
final class FakeProbe: ProcessProbe {
    let host: String
    let boot: String?
    /// Start time by process number.
    let alive: Mutex<[Int: String]>

    init(host: String = "lab", boot: String? = "boot-1", alive: [Int: String] = [100: "5000"]) {
        self.host = host
        self.boot = boot
        self.alive = Mutex(alive)
    }

    func exists(processID: Int) -> Bool { alive.withLock { $0[processID] != nil } }
    func start(processID: Int) -> String? { alive.withLock { $0[processID] } }
}

/// Sentences that a recorder reported.
final class Reports: Sendable {
    private let sentences = Mutex<[String]>([])
    var all: [String] { sentences.withLock { $0 } }
    func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
}

func hash(_ text: String) -> ContentHash { Hashing.content(text) }
func key(_ text: String) -> StageKey { StageKey(Hashing.content(text)) }

func description(
    _ id: String, pipeline: String = "phase1", name: String? = nil, seed: Int = 42, startedAt: Double = 1000,
    parameters: [RunDescription.Parameter] = [], tags: [String: String] = [:], environment: [String: Value] = [:],
    processID: Int = 100,
    stages: [String] = ["songs", "ridge", "score"]
) -> RunDescription {
    RunDescription(
        id: id, pipeline: pipeline, file: "\(pipeline).yaml", name: name, seed: seed, parameters: parameters,
        tags: tags,
        arguments: ["run", "\(pipeline).yaml"], environment: environment, startedAt: startedAt, processID: processID,
        stages: stages.enumerated().map { .init(name: $1, kind: $1, after: $0 == 0 ? [] : [stages[$0 - 1]]) })
}

func outcome(
    _ stage: String, _ state: StageState = .executed, outputs: [String: ContentHash] = [:],
    inputs: [String: ContentHash] = [:],
    configuration: [String: Value] = [:], metrics: [String: Double] = [:], series: [String: [SeriesPoint]] = [:],
    message: String? = nil
) -> StageOutcome {
    StageOutcome(
        stage: stage, kind: stage, state: state, reason: state == .executed ? RunReason(.neverRun) : nil,
        key: key(stage), seconds: 0.5,
        items: stage == "songs" ? ItemCounts(total: 10, executed: 9, cached: 1) : nil, outputs: outputs, inputs: inputs,
        configuration: configuration, metrics: metrics, series: series, message: message)
}

extension RunStore {
    /// Records events as a run would and waits until they stand in the file.
    func record(_ events: [RunEvent], predictions: @escaping RunRecorder.PredictionReader = { _ in [] }) -> [String] {
        let reports = Reports()
        let recorder = RunRecorder(store: self, predictions: predictions) { reports.add($0) }
        for event in events { recorder.receive(event) }
        recorder.finish()
        return reports.all
    }

    /// A whole run of the given outcomes.
    func record(
        _ description: RunDescription, _ outcomes: [StageOutcome], status: RunStatus = .succeeded,
        predictions: @escaping RunRecorder.PredictionReader = { _ in [] }
    ) -> [String] {
        let end = RunOutcome(run: description.id, status: status, seconds: 2, stages: outcomes)
        return record(
            [.runStarted(description)] + outcomes.map(RunEvent.stageFinished) + [.runFinished(end)],
            predictions: predictions)
    }

    func execute(_ sql: String) throws { try pool.write { try $0.execute(sql: sql) } }

    /// The first cell; also of a `PRAGMA`, which users' queries may not use.
    func value(_ sql: String) throws -> Value {
        try pool.read { db in try Row.fetchOne(db, sql: sql).map { Self.value($0[0]) } ?? .null }
    }
}
