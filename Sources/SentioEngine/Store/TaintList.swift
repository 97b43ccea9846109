public import SentioKit

/// `tainted.json` in the workspace:
/// `{"schema":1,"list":NAME,"last":N,"songs":[{"song","id","reason","marked_at","number"}]}`. It is independent of the
/// run store: deleting the history does not change what is stale.
///
/// Marks are numbered, and every record stores the list and the last number that its run knew, so that the order does
/// not depend on clocks. A list that is deleted and started again gets a new name and restarts the numbers.
public struct TaintList: Sendable, Equatable {
    /// Sorted by id, then by hash.
    public private(set) var marks: [TaintMark]
    /// Random, drawn with the first mark; empty before.
    private(set) var name: String
    /// The highest number that was ever used in this list.
    private(set) var last: Int

    /// A new list; the marks keep their numbers, if any.
    public init(_ marks: [TaintMark] = []) { self.init(marks, name: "", last: 0) }

    private init(_ marks: [TaintMark], name: String, last: Int) {
        self.marks = marks.sorted { ($0.id, $0.song) < ($1.id, $1.song) }
        self.name = name
        self.last = last
    }

    /// Whether no song is marked.
    public var isEmpty: Bool { marks.isEmpty }
    /// Hashes of the marked songs.
    public var songs: Set<ContentHash> { Set(marks.map(\.song)) }

    /// The marks known now, for a record.
    var seen: TaintsSeen { TaintsSeen(list: name, last: last) }

    /// Whether a mark was unknown when a record was made.
    func isNew(_ mark: TaintMark, to record: StageRecord) -> Bool {
        guard let number = mark.number, let seen = record.taintsSeen else { return mark.markedAt >= record.finishedAt }
        return seen.list != name || seen.last < number
    }

    mutating func set(_ mark: TaintMark) {
        if name.isEmpty { name = String(UInt64.random(in: 0 ... .max), radix: 36) }
        last += 1
        var mark = mark
        mark.number = last
        self = TaintList(marks.filter { $0.song != mark.song } + [mark], name: name, last: last)
    }

    mutating func remove(_ song: ContentHash) { marks.removeAll { $0.song == song } }

    /// Limit on the size of the file.
    private static let mostBytes = 64 << 20

    /// Reads the list; an empty one if there is no file.
    /// - Throws: `TaintListError`.
    static func read(_ path: String) throws -> TaintList {
        guard Files.exists(path) else { return TaintList() }
        if let kind = WorkspaceFile.kind(of: path) { throw TaintListError(path: path, detail: "it is \(kind)") }
        guard (Files.size(path) ?? 0) <= mostBytes else {
            throw TaintListError(path: path, detail: "it is larger than 64 MB")
        }
        let value: Value
        do { value = try JSON.parse(try FileBytes.read(path, followsLinks: false)) } catch {
            throw TaintListError(path: path, detail: "\(error)")
        }
        guard value["schema"]?.int == 1, let songs = value["songs"]?.list else {
            throw TaintListError(path: path, detail: "`schema` 1 or `songs` is missing")
        }
        let marks = try songs.enumerated().map { index, song in
            guard let hash = song["song"]?.string.flatMap({ ContentHash(hex: $0) }),
                let reason = song["reason"]?.string,
                let time = song["marked_at"]?.double
            else {
                throw TaintListError(
                    path: path, detail: "song number \(index + 1) has no `song`, `reason` or `marked_at`")
            }
            return TaintMark(
                song: hash, id: song["id"]?.string ?? hash.short, reason: reason, markedAt: time,
                number: song["number"]?.int)
        }
        let last = max(value["last"]?.int ?? 0, marks.compactMap(\.number).max() ?? 0)
        guard last >= 0, last < Int.max else {
            throw TaintListError(path: path, detail: "`last` is not a valid count of marks")
        }
        return TaintList(marks, name: value["list"]?.string ?? "", last: last)
    }

    var encoded: [UInt8] {
        let songs: [Value] = marks.map {
            [
                "song": .string($0.song.hex), "id": .string($0.id), "reason": .string($0.reason),
                "marked_at": .double($0.markedAt),
                "number": $0.number.map(Value.int) ?? .null,
            ]
        }
        return Array(
            (JSON.text(["schema": 1, "list": .string(name), "last": .int(last), "songs": .list(songs)]) + "\n").utf8)
    }
}

/// The marks that a run knew: those of a list up to a number.
struct TaintsSeen: Sendable, Equatable {
    let list: String
    let last: Int
}

/// The list of marked songs cannot be read, so that nothing can be run.
public struct TaintListError: Error, Sendable, CustomStringConvertible {
    /// Path of the list.
    public let path: String
    /// What is wrong with it.
    public let detail: String
    public var description: String {
        "The list of tainted songs \(path) cannot be read: \(detail). Repair it, or move it away so that no song is "
            + "marked."
    }
}
