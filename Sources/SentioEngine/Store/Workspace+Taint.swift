import SentioBase
public import SentioKit

/// An artifact that a song reached.
public struct ReachedArtifact: Sendable, Equatable {
    /// Name of the pipeline.
    public var pipeline: String
    /// Name of the stage.
    public var stage: String
    /// Output port of the stage.
    public var port: String
    /// Name of the artifact type.
    public var type: String
    /// Hash of the artifact.
    public var artifact: ContentHash
    /// Whether it describes the song itself; otherwise something in it was fitted on the song.
    public var holdsSong: Bool
    /// Whether the result is older than the mark, so that the stage is stale.
    public var isStale: Bool
}

extension Workspace {
    static func taintListPath(_ path: String) -> String { path + "/tainted.json" }

    // MARK: The list

    /// Marks a song, replacing an existing mark. Waits for other processes that change the list.
    /// - Returns: the mark with its number.
    /// - Throws: `TaintListError`, `BlobStoreError`.
    @discardableResult
    public func taint(_ mark: TaintMark) throws -> TaintMark {
        let list = try changeTaints { $0.set(mark) }
        return list.marks.first { $0.song == mark.song } ?? mark
    }

    /// Removes the mark of a song.
    /// - Returns: false if the song was not marked.
    /// - Throws: `TaintListError`, `BlobStoreError`.
    public func untaint(_ song: ContentHash) throws -> Bool {
        var wasMarked = false
        _ = try changeTaints { list in
            wasMarked = list.songs.contains(song)
            list.remove(song)
        }
        return wasMarked
    }

    private func changeTaints(_ body: (inout TaintList) -> Void) throws -> TaintList {
        var lock = try FileLock.attempt(path + "/tmp/locks/tainted")
        while lock == nil {
            usleep(10_000)
            lock = try FileLock.attempt(path + "/tmp/locks/tainted")
        }
        defer { withExtendedLifetime(lock) {} }
        let place = Self.taintListPath(path)
        var list = try TaintList.read(place)
        body(&list)
        try Files.writeAtomically(list.encoded, to: place, temporary: temporaryPath("stat"))
        return list
    }

    // MARK: Staleness

    /// Why a record is no longer valid: a song whose mark its run did not know reached one of its outputs.
    func taintCause(of record: StageRecord) -> RunCause? {
        let later = taints.marks.filter { taints.isNew($0, to: record) }
        guard !later.isEmpty else { return nil }
        var reached: [TaintMark] = []
        for output in record.outputs.values {
            guard let lineage = try? manifest(output).allSongs else { continue }
            reached += later.filter { mark in lineage.contains(mark.song) && !reached.contains(mark) }
        }
        guard let first = reached.min(by: { ($0.id, $0.song) < ($1.id, $1.song) }) else { return nil }
        return .tainted(song: first.id, reason: first.reason, count: reached.count)
    }

    // MARK: Finding songs

    /// The original songs with an id, or with a hash that starts with at least six given digits.
    /// - Returns: hash and ids of each; several songs can share an id if its file has changed.
    /// - Throws: `BlobStoreError`.
    public func songs(matching text: String) throws -> [(song: ContentHash, ids: [String])] {
        let isHash = text.count >= 6 && text.allSatisfy { $0.isHexDigit }
        return try allSongs().filter { song in
            song.ids.contains(text) || isHash && song.song.hex.hasPrefix(text.lowercased())
        }
    }

    /// Every original song that reached a result of this workspace, with its ids, sorted by hash.
    /// - Throws: `BlobStoreError`.
    public func allSongs() throws -> [(song: ContentHash, ids: [String])] {
        var ids: [ContentHash: Set<String>] = [:]
        try forEachOutput { _, _, _, manifest in
            for entry in manifest.entries where entry.sources == [entry.blob.hash] {
                ids[entry.blob.hash, default: []].insert(entry.id)
            }
        }
        return ids.map { ($0.key, $0.value.sorted()) }.sorted { $0.0 < $1.0 }
    }

    /// Every recorded artifact that a song reached, sorted by pipeline, stage and port.
    /// - Throws: `TaintListError`, `BlobStoreError`.
    public func reach(of mark: TaintMark) throws -> [ReachedArtifact] {
        let hold = holdForReading()
        defer { withExtendedLifetime(hold) {} }
        let list = try TaintList.read(Self.taintListPath(path))
        var found: [ReachedArtifact] = []
        try forEachOutput { record, port, blob, manifest in
            guard manifest.allSongs.contains(mark.song) else { return }
            let holdsSong = (manifest.entries.map(\.sources) + manifest.rows.map(\.sources)).contains {
                $0.contains(mark.song)
            }
            found.append(
                ReachedArtifact(
                    pipeline: record.pipeline, stage: record.stage, port: port, type: manifest.type,
                    artifact: blob.hash,
                    holdsSong: holdsSong, isStale: list.isNew(mark, to: record)))
        }
        return found.sorted {
            ($0.pipeline, $0.stage, $0.port, $0.artifact) < ($1.pipeline, $1.stage, $1.port, $1.artifact)
        }
    }

    private func forEachOutput(_ body: (StageRecord, String, BlobReference, Manifest) throws -> Void) throws {
        for record in try records.allStages() {
            for (port, blob) in record.outputs {
                // Skip artifacts that no longer exist.
                guard let manifest = try? manifest(blob) else { continue }
                try body(record, port, blob, manifest)
            }
        }
    }
}
