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
            guard let fields = lines.next(), fields.count == 6, let hash = Self.hash(fields[2]), let size = Self.number(fields[3]) else {
                throw ManifestError(problem: "an entry is malformed or missing")
            }
            let blob = BlobReference(hash: hash, size: size)
            entries.append(
                Entry(
                    id: Self.string(fields[0]), file: Self.string(fields[1]), blob: blob, sources: try Self.hashes(fields[4]),
                    fitted: try index(fields[5])))
        }
        for _ in 0..<rowCount {
            guard let fields = lines.next(), fields.count == 3 else { throw ManifestError(problem: "a row is malformed or missing") }
            rows.append(Row(id: Self.string(fields[0]), sources: try Self.hashes(fields[1]), fitted: try index(fields[2])))
        }
    }

    private func index(_ field: ArraySlice<UInt8>) throws -> Int? {
        if field.isEmpty { return nil }
        guard let index = Self.number(field), fittedSets.indices.contains(index) else {
            throw ManifestError(problem: "a set of songs is missing")
        }
        return index
    }

    private static func string(_ field: ArraySlice<UInt8>) -> String { String(decoding: field, as: UTF8.self) }
    private static func number(_ field: ArraySlice<UInt8>) -> Int? { Int(string(field)).flatMap { $0 >= 0 ? $0 : nil } }
    private static func hash(_ field: ArraySlice<UInt8>) -> ContentHash? { field.withUnsafeBytes { ContentHash(hexBytes: $0) } }

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

    private static func hashes(_ field: ArraySlice<UInt8>) throws -> [ContentHash] {
        try field.split(separator: 0x20).map { part in
            guard let hash = hash(part) else { throw ManifestError(problem: "a song's hash is malformed") }
            return hash
        }
    }

    private static func line(_ fields: [String]) -> String {
        fields.map { field in
            guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return field }
            return field.inQuotes
        }.joined(separator: ",") + "\n"
    }
}

/// Splits CSV lines that `Manifest.line` wrote.
private struct LineReader {
    let bytes: [UInt8]
    var position: Int

    mutating func next() -> [ArraySlice<UInt8>]? {
        var fields: [ArraySlice<UInt8>] = []
        fields.reserveCapacity(6)
        while position < bytes.count {
            let field = bytes[position] == 0x22 ? quoted() : plain()
            guard position < bytes.count else { return nil }
            fields.append(field)
            position += 1
            if bytes[position - 1] == 0x0A { return fields }
        }
        return nil
    }

    private mutating func plain() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, bytes[position] != 0x2C, bytes[position] != 0x0A { position += 1 }
        return bytes[start..<position]
    }

    private mutating func quoted() -> ArraySlice<UInt8> {
        var field: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte != 0x22 {
                field.append(byte)
            } else if position < bytes.count, bytes[position] == 0x22 {
                field.append(byte)
                position += 1
            } else {
                break
            }
        }
        // Nothing but a comma or the line's end follows what was written; anything else is not lost but makes no sense.
        return field[...] + plain()
    }
}
