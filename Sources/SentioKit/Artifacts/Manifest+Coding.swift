// A manifest is text: line 1 is a JSON header, the rest is CSV. Each entry has a line
// `id,file,hash,bytes,sources,fitted`; in a table, each row has a line `id,sources,fitted`; then comes a line of hashes
// for each fitted set, and one for the lineage. 100,000 items remain fast to read, three lines of Python can read them
// (docs/workspace.md), and checking that the blobs exist does not require the thousands of hashes at the end.

/// Why bytes are not a valid manifest.
public struct ManifestError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, as the end of a sentence.
    public let problem: String
    public var description: String { "Invalid artifact manifest: \(problem)." }
}

extension Manifest {
    /// The bytes to store. Equal manifests have equal bytes.
    public func encoded() -> [UInt8] {
        let header: Value = [
            "schema": 2, "type": .string(type), "form": .string(form.rawValue),
            "song_data": .bool(carriesSongData), "attributes": .map(attributes),
            "entries": .int(entries.count), "rows": .int(rows.count), "fitted_sets": .int(fittedSets.count),
        ]
        var out = JSON.text(header) + "\n"
        for entry in entries {
            let fields = [
                entry.id, entry.file, entry.blob.hash.hex, String(entry.blob.size), Self.joined(entry.sources),
                Self.text(entry.fitted),
            ]
            out += Self.line(fields)
        }
        for row in rows { out += Self.line([row.id, Self.joined(row.sources), Self.text(row.fitted)]) }
        for set in fittedSets + [lineage] { out += Self.joined(set.songs.sorted()) + "\n" }
        return Array(out.utf8)
    }

    /// Decodes a manifest.
    /// - Throws: `ManifestError`; `JSONError` if the header is not JSON.
    public init(encoded bytes: [UInt8]) throws {
        let header = try Header(bytes)
        type = header.type
        form = header.form
        carriesSongData = header.value["song_data"]?.bool ?? true
        attributes = header.value["attributes"]?.map ?? [:]
        fittedSets = []
        lineage = Lineage()
        entries = []
        rows = []
        entries.reserveCapacity(header.entries)
        var lines = LineReader(bytes: bytes, position: header.end), total = 0
        for _ in 0..<header.entries {
            let (fields, blob) = try Self.entry(&lines, &total)
            entries.append(
                Entry(
                    id: Self.string(fields[0]), file: Self.string(fields[1]), blob: blob,
                    sources: try Self.hashes(fields[4]),
                    fitted: try Self.index(fields[5], header)))
        }
        for _ in 0..<header.rows {
            guard let fields = lines.next(), fields.count == 3 else {
                throw ManifestError(problem: "a row is malformed or missing")
            }
            rows.append(
                Row(
                    id: Self.string(fields[0]), sources: try Self.hashes(fields[1]),
                    fitted: try Self.index(fields[2], header)))
        }
        for number in 0...header.fittedSets {
            guard let fields = lines.next(), fields.count == 1 else {
                throw ManifestError(problem: "a set of songs is missing")
            }
            let set = Lineage(try Self.hashes(fields[0]))
            if number < header.fittedSets { fittedSets.append(set) } else { lineage = set }
        }
    }

    /// The blobs of the entries only, without decoding the lineage: all that a run needs if nothing has changed.
    /// - Throws: as `init(encoded:)`.
    public static func blobs(encoded bytes: [UInt8]) throws -> [BlobReference] {
        try blobs(try Header(bytes), bytes)
    }

    private static func blobs(_ header: Header, _ bytes: [UInt8]) throws -> [BlobReference] {
        var lines = LineReader(bytes: bytes, position: header.end), total = 0
        return try (0..<header.entries).map { _ in try entry(&lines, &total).blob }
    }

    /// The amount of data in an artifact, without decoding the lineage, which is most of a manifest.
    /// - Throws: as `init(encoded:)`.
    public static func amount(encoded bytes: [UInt8]) throws -> Amount {
        let header = try Header(bytes)
        let size = try blobs(header, bytes).reduce(0) { $0 + $1.size }
        return Amount(
            items: Double(header.form == .table ? header.rows : header.entries), bytes: Double(size),
            attributes: header.value["attributes"]?.map ?? [:])
    }

    /// Line 1.
    private struct Header {
        let value: Value
        let type: String
        let form: ArtifactType.Form
        let entries: Int
        let rows: Int
        let fittedSets: Int
        /// Where the CSV lines begin.
        let end: Int

        init(_ bytes: [UInt8]) throws {
            guard let newline = bytes.firstIndex(of: 0x0A) else {
                throw ManifestError(problem: "its first line is cut off")
            }
            value = try JSON.parse(Array(bytes[..<newline]))
            guard value["schema"]?.int == 2 else { throw ManifestError(problem: "its schema is not 2") }
            guard let type = value["type"]?.string, let form = value["form"]?.string.flatMap(ArtifactType.Form.init),
                let entries = value["entries"]?.int, let rows = value["rows"]?.int, let sets = value["fitted_sets"]?.int
            else { throw ManifestError(problem: "its header lacks type, form or counts") }
            // Do not trust a count, nor reserve memory for it, unless that many lines can follow.
            guard (0...bytes.count / shortestEntry).contains(entries), (0...bytes.count).contains(rows),
                (0...bytes.count).contains(sets)
            else { throw ManifestError(problem: "its header announces more lines than it has") }
            (self.type, self.form, self.entries, self.rows, fittedSets, end) = (
                type, form, entries, rows, sets, newline + 1
            )
        }
    }

    /// Minimum length of an entry's line in bytes: it contains a hash.
    private static let shortestEntry = 64
    /// Limit on the total size in bytes: the largest integer that every JSON reader keeps exactly. Sums do not
    /// overflow.
    private static let largestTotal = 1 << 53

    /// - Parameter total: bytes of the entries so far.
    private static func entry(
        _ lines: inout LineReader, _ total: inout Int
    ) throws -> (fields: [ArraySlice<UInt8>], blob: BlobReference) {
        guard let fields = lines.next(), fields.count == 6, let hash = hash(fields[2]), let size = number(fields[3])
        else {
            throw ManifestError(problem: "an entry is malformed or missing")
        }
        guard size <= largestTotal - total else {
            throw ManifestError(problem: "its blobs add up to more than 2^53 bytes")
        }
        total += size
        return (fields, BlobReference(hash: hash, size: size))
    }

    private static func index(_ field: ArraySlice<UInt8>, _ header: Header) throws -> Int? {
        if field.isEmpty { return nil }
        guard let index = number(field), index < header.fittedSets else {
            throw ManifestError(problem: "a set of songs is missing")
        }
        return index
    }

    private static func string(_ field: ArraySlice<UInt8>) -> String { String(decoding: field, as: UTF8.self) }
    private static func number(_ field: ArraySlice<UInt8>) -> Int? { Int(string(field)).flatMap { $0 >= 0 ? $0 : nil } }
    private static func hash(_ field: ArraySlice<UInt8>) -> ContentHash? {
        field.withUnsafeBytes { ContentHash(hexBytes: $0) }
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
            guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
                return field
            }
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
        // In a valid line a comma or the end of the line follows. Anything else is kept as part of the field.
        return field[...] + plain()
    }
}
