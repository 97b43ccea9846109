public import SentioKit

/// `tainted.json` in the workspace: `{"schema":1,"songs":[{"song","id","reason","marked_at"}]}`. It is no history: deleting
/// the run store leaves it, and with it what is stale.
public struct TaintList: Sendable, Equatable {
    /// By id, then by hash.
    public private(set) var marks: [TaintMark]

    public init(_ marks: [TaintMark] = []) { self.marks = marks.sorted { ($0.id, $0.song) < ($1.id, $1.song) } }

    public var isEmpty: Bool { marks.isEmpty }
    public var songs: Set<ContentHash> { Set(marks.map(\.song)) }

    mutating func set(_ mark: TaintMark) { self = TaintList(marks.filter { $0.song != mark.song } + [mark]) }
    mutating func remove(_ song: ContentHash) { marks.removeAll { $0.song == song } }

    /// A list longer than this is no list that somebody made.
    private static let mostBytes = 64 << 20

    /// - returns: an empty list where there is no file.
    /// - throws: `TaintListError`.
    static func read(_ path: String) throws -> TaintList {
        guard let size = Files.size(path) else { return TaintList() }
        guard size <= mostBytes else { throw TaintListError(path: path, detail: "it is larger than 64 MB") }
        let value: Value
        do { value = try JSON.parse(try FileBytes.read(path)) } catch { throw TaintListError(path: path, detail: "\(error)") }
        guard value["schema"]?.int == 1, let songs = value["songs"]?.list else {
            throw TaintListError(path: path, detail: "`schema` 1 or `songs` is missing")
        }
        return TaintList(
            try songs.enumerated().map { index, song in
                guard let hash = song["song"]?.string.flatMap({ ContentHash(hex: $0) }), let reason = song["reason"]?.string,
                    let time = song["marked_at"]?.double
                else { throw TaintListError(path: path, detail: "song number \(index + 1) has no `song`, `reason` or `marked_at`") }
                return TaintMark(song: hash, id: song["id"]?.string ?? hash.short, reason: reason, markedAt: time)
            })
    }

    var encoded: [UInt8] {
        let songs: [Value] = marks.map {
            ["song": .string($0.song.hex), "id": .string($0.id), "reason": .string($0.reason), "marked_at": .double($0.markedAt)]
        }
        return Array((JSON.text(["schema": 1, "songs": .list(songs)]) + "\n").utf8)
    }
}

/// The list of marked songs cannot be read: nothing is run on a guess.
public struct TaintListError: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let detail: String
    public var description: String {
        "The list of tainted songs \(path) cannot be read: \(detail). Repair it, or move it away to have no song marked."
    }
}
