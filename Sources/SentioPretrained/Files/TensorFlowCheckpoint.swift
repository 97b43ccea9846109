import SentioNumerics

/// A TensorFlow checkpoint ("tensor bundle", version 2): an SSTable of variables and one file of raw values.
///
/// Supports what published networks need: one little-endian shard, uncompressed blocks, float32 variables. Variables of
/// other types are counters and are skipped. The CRC-32C of every block and variable is checked, and every size is
/// checked against the files before memory is allocated.
struct TensorFlowCheckpoint {
    let variables: [String: SafetensorsFile.Tensor]

    static let variableLimit = 10_000
    private static let magic: [UInt8] = [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]

    /// - Throws: `PretrainedError.checkpoint`.
    init(index: [UInt8], data: [UInt8]) throws {
        guard index.count >= 48, index.suffix(8).elementsEqual(Self.magic) else {
            throw PretrainedError.checkpoint("its index is not an SSTable")
        }
        var footer = ProtocolBuffer(index[(index.count - 48)...]), variables: [String: SafetensorsFile.Tensor] = [:]
        // The first handle refers to the meta-index, which is empty.
        guard footer.length() != nil, footer.length() != nil, let offset = footer.length(), let size = footer.length()
        else {
            throw PretrainedError.checkpoint("its index has no footer")
        }
        for (_, handle) in try Self.block(index, offset, size) {
            var handle = ProtocolBuffer(handle)
            guard let offset = handle.length(), let size = handle.length() else {
                throw PretrainedError.checkpoint("its index refers to a block without a position")
            }
            for (key, entry) in try Self.block(index, offset, size) {
                let name = String(decoding: key, as: UTF8.self)
                guard !name.isEmpty else {
                    try Self.checkHeader(entry)
                    continue
                }
                guard variables.count < Self.variableLimit else {
                    throw PretrainedError.checkpoint("it has more than 10,000 variables")
                }
                variables[name] = try Self.tensor(name, entry, data)
            }
        }
        self.variables = variables
    }

    /// Requires one shard, little-endian.
    private static func checkHeader(_ message: ArraySlice<UInt8>) throws {
        guard let fields = ProtocolBuffer.fields(message), number(1, fields) == 1, number(2, fields) == 0 else {
            throw PretrainedError.checkpoint("it has several shards or is not little-endian")
        }
    }

    private static func number(_ wanted: UInt64, _ fields: [(number: UInt64, field: ProtocolBuffer.Field)]) -> UInt64 {
        for case (wanted, .number(let value)) in fields { return value }
        return 0
    }

    /// - Returns: nil for a variable that is not float32.
    private static func tensor(_ name: String, _ message: ArraySlice<UInt8>, _ data: [UInt8]) throws -> SafetensorsFile
        .Tensor?
    {
        func bad(_ reason: String) -> PretrainedError { .checkpoint("the variable `\(name.prefix(100))` \(reason)") }
        guard let fields = ProtocolBuffer.fields(message) else { throw bad("has a damaged entry") }
        guard number(1, fields) == 1 else { return nil }
        guard !fields.contains(where: { $0.number == 7 }), number(3, fields) == 0 else {
            throw bad("is partitioned")
        }
        var shape: [Int] = [], count = 1
        for case (2, .bytes(let text)) in fields {
            guard let dimensions = ProtocolBuffer.fields(text) else { throw bad("has a damaged shape") }
            for case (2, .bytes(let text)) in dimensions {
                guard let size = ProtocolBuffer.fields(text).map({ number(1, $0) }).flatMap({ Int(exactly: $0) }),
                    shape.count < 8
                else {
                    throw bad("has a damaged shape")
                }
                let (product, overflows) = count.multipliedReportingOverflow(by: size)
                guard !overflows, product <= data.count / 4 else { throw bad("is larger than the file") }
                shape.append(size)
                count = product
            }
        }
        guard let offset = Int(exactly: number(4, fields)), let size = Int(exactly: number(5, fields)),
            size == 4 * count,
            let raw = LittleEndian(data[...]).slice(at: offset, size)
        else { throw bad("does not match its shape \(shape)") }
        guard UInt64(CRC32C.masked(raw)) == number(6, fields) else {
            throw bad("is damaged: its checksum does not match")
        }
        let values = raw.withUnsafeBytes { raw in
            (0..<count).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        return SafetensorsFile.Tensor(shape: shape, values: values)
    }

    /// The keys and values of one block of an SSTable.
    private static func block(_ index: [UInt8], _ offset: Int, _ size: Int) throws -> [(
        key: [UInt8], value: ArraySlice<UInt8>
    )] {
        let file = LittleEndian(index[...])
        guard size >= 4, let body = file.slice(at: offset, size), let whole = file.slice(at: offset, size + 1),
            let mode = whole.last,
            let checksum = file.number(at: offset + size + 1, 4)
        else { throw PretrainedError.checkpoint("a block of its index extends beyond its end") }
        guard mode == 0 else { throw PretrainedError.checkpoint("its index is compressed") }
        guard CRC32C.masked(whole) == UInt32(checksum) else {
            throw PretrainedError.checkpoint("its index is damaged at byte \(offset)")
        }
        guard let restarts = LittleEndian(body).number(at: size - 4, 4), restarts <= (size - 4) / 4 else {
            throw PretrainedError.checkpoint("its index is damaged at byte \(offset)")
        }
        var buffer = ProtocolBuffer(body.dropLast(4 + 4 * restarts)), key: [UInt8] = []
        var entries: [(key: [UInt8], value: ArraySlice<UInt8>)] = []
        while !buffer.rest.isEmpty {
            // A key consists of a prefix shared with the previous key and a suffix.
            guard let shared = buffer.length(), let unshared = buffer.length(), let length = buffer.length(),
                shared <= key.count,
                let rest = buffer.take(unshared), let value = buffer.take(length)
            else { throw PretrainedError.checkpoint("its index is damaged at byte \(offset)") }
            key = Array(key.prefix(shared)) + rest
            entries.append((key, value))
        }
        return entries
    }
}
