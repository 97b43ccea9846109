public import SentioKit

/// What lies beside a stage's checkpoints: how far it was, and what it took up to there. `tmp/checkpoints/KEY/note.json`.
struct CheckpointNote: Sendable, Equatable {
    static let name = "note.json"

    var mark: CheckpointMark
    /// Of all attempts up to the checkpoint.
    var seconds: Double
    var kind: String
    var stage: String
    var pipeline: String
    var run: String

    var encoded: [UInt8] {
        let value: Value = [
            "unit": .string(mark.unit), "done": .double(mark.done), "total": .double(mark.total), "seconds": .double(seconds),
            "kind": .string(kind), "stage": .string(stage), "pipeline": .string(pipeline), "run": .string(run),
        ]
        return Array(JSON.text(value).utf8)
    }

    /// Nil where there is none that can be read: an older version wrote the checkpoint.
    init?(directory: String) {
        let path = directory + "/" + Self.name
        guard let size = Files.size(path), size < 1 << 16, let bytes = try? FileBytes.read(path), let value = try? JSON.parse(bytes),
            let unit = value["unit"]?.string, let done = value["done"]?.double, let total = value["total"]?.double,
            let seconds = value["seconds"]?.double, done.isFinite, total.isFinite, (0...1e15).contains(done), (0...1e15).contains(total),
            seconds >= 0, seconds.isFinite
        else { return nil }
        mark = CheckpointMark(unit: unit, done: done, total: total)
        self.seconds = seconds
        kind = value["kind"]?.string ?? ""
        stage = value["stage"]?.string ?? ""
        pipeline = value["pipeline"]?.string ?? ""
        run = value["run"]?.string ?? ""
    }

    init(mark: CheckpointMark, seconds: Double, kind: String, stage: String, pipeline: String, run: String) {
        self.mark = mark
        self.seconds = seconds
        self.kind = kind
        self.stage = stage
        self.pipeline = pipeline
        self.run = run
    }
}

/// From where an unfinished stage goes on.
public struct Resumption: Sendable, Equatable {
    public let mark: CheckpointMark
    /// What the attempts before took.
    public let secondsBefore: Double

    public var value: Value {
        [
            "unit": .string(mark.unit), "done": .double(mark.done), "total": .double(mark.total), "seconds_before": .double(secondsBefore),
            "text": .string(mark.text),
        ]
    }
}

extension Workspace {
    /// From where a stage goes on whose checkpoints lie under a key; nil where it begins anew.
    /// - parameter length: how many epochs (items) are wanted now; nil: as many as then.
    func resumption(_ key: StageKey, length: Int?) -> Resumption? {
        guard let note = CheckpointNote(directory: checkpointDirectory(key)) else { return nil }
        var mark = note.mark
        if let length { mark.total = Double(length) }
        // A training that was longer than what is wanted begins anew.
        guard mark.done > 0, mark.done <= mark.total else { return nil }
        return Resumption(mark: mark, secondsBefore: note.seconds)
    }
}
