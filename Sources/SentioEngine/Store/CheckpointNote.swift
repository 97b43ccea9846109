import SentioBase
public import SentioKit

/// The progress of a stage at its checkpoint, and the time spent up to it.
///
/// It is the end of the checkpoint's file, so that one rename publishes both and a kill never leaves a checkpoint
/// without its note. Layout: what the stage saved, the note as JSON, its length in four bytes (little endian),
/// `Self.magic`.
struct CheckpointNote: Sendable, Equatable {
    private static let magic = Array("sentioCP".utf8)
    /// Limit on the length of the JSON in bytes.
    private static let limit = 1 << 16

    var mark: CheckpointMark
    /// Seconds of all attempts up to the checkpoint.
    var seconds: Double
    var kind: String
    var stage: String
    var pipeline: String
    var run: String

    private var encoded: [UInt8] {
        let value: Value = [
            "unit": .string(mark.unit), "done": .double(mark.done), "total": .double(mark.total),
            "seconds": .double(seconds),
            "kind": .string(kind), "stage": .string(stage), "pipeline": .string(pipeline), "run": .string(run),
        ]
        return Array(JSON.text(value).utf8)
    }

    /// The bytes to append to a checkpoint.
    var trailer: [UInt8] {
        let text = encoded
        precondition(text.count <= Self.limit, "A note is short.")
        return text + (0..<4).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + Self.magic
    }

    /// Reads the note of the checkpoint in a stage's folder; nil if there is none that can be read, for example if an
    /// earlier version wrote the checkpoint.
    init?(directory: String) {
        for name in Files.list(directory) {
            guard let text = Self.text(ofFile: directory + "/" + name), let value = try? JSON.parse(text),
                let note = Self(value)
            else {
                continue
            }
            self = note
            return
        }
        return nil
    }

    private init?(_ value: Value) {
        guard let unit = value["unit"]?.string, let done = value["done"]?.double, let total = value["total"]?.double,
            let seconds = value["seconds"]?.double, done.isFinite, total.isFinite, (0...1e15).contains(done),
            (0...1e15).contains(total),
            seconds >= 0, seconds.isFinite
        else { return nil }
        mark = CheckpointMark(unit: unit, done: done, total: total)
        self.seconds = seconds
        kind = value["kind"]?.string ?? ""
        stage = value["stage"]?.string ?? ""
        pipeline = value["pipeline"]?.string ?? ""
        run = value["run"]?.string ?? ""
    }

    /// Removes the note from the end of a checkpoint, leaving what the stage saved.
    static func remove(from checkpoint: inout [UInt8]) {
        guard let length = Self.length(ofTail: checkpoint.suffix(magic.count + 4)),
            length + magic.count + 4 <= checkpoint.count
        else {
            return
        }
        checkpoint.removeLast(length + magic.count + 4)
    }

    /// Reads the JSON without reading what the stage saved.
    private static func text(ofFile path: String) -> [UInt8]? {
        guard let descriptor = try? WorkspaceFile.open(path, O_RDONLY) else { return nil }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END)), tail = magic.count + 4
        guard size >= tail, let ending = read(descriptor, tail, at: size - tail),
            let length = Self.length(ofTail: ending[...]),
            length <= size - tail
        else { return nil }
        return read(descriptor, length, at: size - tail - length)
    }

    /// The length of the JSON, from the bytes after it; nil if they do not belong to a note.
    private static func length(ofTail tail: ArraySlice<UInt8>) -> Int? {
        guard tail.count == magic.count + 4, tail.suffix(magic.count).elementsEqual(magic) else { return nil }
        let length = tail.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return length <= limit ? length : nil
    }

    private static func read(_ descriptor: Int32, _ count: Int, at offset: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return pread(descriptor, &bytes, count, off_t(offset)) == count ? bytes : nil
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

/// Where an unfinished stage resumes.
public struct Resumption: Sendable, Equatable {
    /// The progress at the checkpoint.
    public let mark: CheckpointMark
    /// Seconds that earlier attempts took.
    public let secondsBefore: Double

    /// `{"unit", "done", "total", "seconds_before", "text"}`.
    public var value: Value {
        [
            "unit": .string(mark.unit), "done": .double(mark.done), "total": .double(mark.total),
            "seconds_before": .double(secondsBefore),
            "text": .string(mark.text),
        ]
    }
}

extension Workspace {
    /// Where a stage resumes from the checkpoints of a key; nil if it starts from the beginning.
    /// - Parameter length: number of epochs or items that are wanted now; nil: as many as at the checkpoint.
    func resumption(_ key: StageKey, length: Int?) -> Resumption? {
        guard let note = CheckpointNote(directory: checkpointDirectory(key)) else { return nil }
        var mark = note.mark
        if let length { mark.total = Double(length) }
        // If the checkpoint is beyond the wanted length, training starts from the beginning.
        guard mark.done > 0, mark.done <= mark.total else { return nil }
        return Resumption(mark: mark, secondsBefore: note.seconds)
    }
}
