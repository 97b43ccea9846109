// A manifest is text: line 1 is a JSON header, the rest CSV lines. `id,file,hash,bytes,sources,fitted` for entries,
// then, where the artifact is a table, `id,sources,fitted` for rows. A list of 100,000 items stays fast to read, and
// three lines of Python read it too (docs/workspace.md).

/// Why bytes are not a manifest.
public struct ManifestError: Error, Sendable, CustomStringConvertible {
    public let problem: String
    public var description: String { "This is not a readable artifact manifest: \(problem)." }
}

extension Manifest {
    public func encoded() -> [UInt8] {
        let header: Value = [
            "schema": 1, "type": .string(type), "form": .string(form.rawValue),
            "song_data": .bool(carriesSongData), "attributes": .map(attributes),
            "entries": .int(entries.count), "rows": .int(rows.count),
            "fitted_sets": .list(fittedSets.map(Self.value)), "lineage": Self.value(lineage),
        ]
        var out = JSON.text(header) + "\n"
        for entry in entries {
            let fields = [
                entry.id, entry.file, entry.blob.hash.hex, String(entry.blob.size), Self.joined(entry.sources), Self.text(entry.fitted),
            ]
            out += Self.line(fields)
        }
        for row in rows { out += Self.line([row.id, Self.joined(row.sources), Self.text(row.fitted)]) }
        return Array(out.utf8)
    }

    /// - throws: `ManifestError`.
    public init(encoded bytes: [UInt8]) throws {
        guard let end = bytes.firstIndex(of: 0x0A) else { throw ManifestError(problem: "its first line does not end") }
        let header = try JSON.parse(Array(bytes[..<end]))
        guard header["schema"]?.int == 1 else { throw ManifestError(problem: "its schema is not 1") }
        guard let type = header["type"]?.string, let form = header["form"]?.string.flatMap(ArtifactType.Form.init),
            let entryCount = header["entries"]?.int, let rowCount = header["rows"]?.int, entryCount >= 0, rowCount >= 0
        else { throw ManifestError(problem: "its header lacks type, form or counts") }
        self.type = type
        self.form = form
        carriesSongData = header["song_data"]?.bool ?? true
        attributes = header["attributes"]?.map ?? [:]
        fittedSets = try (header["fitted_sets"]?.list ?? []).map(Self.lineage)
        lineage = try Self.lineage(header["lineage"] ?? [])
        entries = []
        rows = []
        entries.reserveCapacity(min(entryCount, bytes.count / 64))
        var lines = LineReader(bytes: bytes, position: end + 1)
        for _ in 0..<entryCount {
            guard let fields = lines.next(), fields.count == 6, let hash = ContentHash(hex: fields[2]), let size = Int(fields[3]), size >= 0
            else { throw ManifestError(problem: "an entry is malformed or missing") }
            let blob = BlobReference(hash: hash, size: size)
            entries.append(
                Entry(id: fields[0], file: fields[1], blob: blob, sources: try Self.hashes(fields[4]), fitted: try index(fields[5])))
        }
        for _ in 0..<rowCount {
            guard let fields = lines.next(), fields.count == 3 else { throw ManifestError(problem: "a row is malformed or missing") }
            rows.append(Row(id: fields[0], sources: try Self.hashes(fields[1]), fitted: try index(fields[2])))
        }
    }

    private func index(_ text: String) throws -> Int? {
        if text.isEmpty { return nil }
        guard let index = Int(text), fittedSets.indices.contains(index) else { throw ManifestError(problem: "a set of songs is missing") }
        return index
    }

    private static func value(_ lineage: Lineage) -> Value { .list(lineage.songs.sorted().map { .string($0.hex) }) }

    private static func lineage(_ value: Value) throws -> Lineage {
        Lineage(
            try (value.list ?? []).map { item in
                guard let hash = item.string.flatMap({ ContentHash(hex: $0) }) else {
                    throw ManifestError(problem: "a song's hash is malformed")
                }
                return hash
            })
    }

    private static func joined(_ hashes: [ContentHash]) -> String { hashes.map(\.hex).joined(separator: " ") }
    private static func text(_ index: Int?) -> String { index.map(String.init) ?? "" }

    private static func hashes(_ text: String) throws -> [ContentHash] {
        try text.split(separator: " ").map { part in
            guard let hash = ContentHash(hex: part) else { throw ManifestError(problem: "a song's hash is malformed") }
            return hash
        }
    }

    private static func line(_ fields: [String]) -> String {
        fields.map { field in
            let needsQuotes = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
            return needsQuotes
                ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : field
        }.joined(separator: ",") + "\n"
    }
}

/// Splits CSV lines that `Manifest.line` wrote.
private struct LineReader {
    let bytes: [UInt8]
    var position: Int

    mutating func next() -> [String]? {
        guard position < bytes.count else { return nil }
        var fields: [String] = []
        var field: [UInt8] = []
        var quoted = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if quoted {
                if byte == 0x22 {
                    if position < bytes.count, bytes[position] == 0x22 { position += 1; field.append(byte) } else { quoted = false }
                } else {
                    field.append(byte)
                }
            } else if byte == 0x22 {
                quoted = true
            } else if byte == 0x2C || byte == 0x0A {
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
                if byte == 0x0A { return fields }
            } else {
                field.append(byte)
            }
        }
        return nil
    }
}
