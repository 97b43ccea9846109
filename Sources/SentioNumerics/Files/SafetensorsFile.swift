import Foundation

/// Hugging Face's `.safetensors` format of named arrays, commonly used for network weights.
///
/// Writes float32; reads float32, float64, float16 and bfloat16 as float32. Names are written in byte order, so that
/// equal contents give equal bytes. Before it allocates, reading checks the length of the header (at most 16 MiB),
/// every shape and every offset.
public struct SafetensorsFile: Sendable, Equatable {
    /// A named array.
    public struct Tensor: Sendable, Equatable {
        /// The extent of each axis; empty for a scalar.
        public let shape: [Int]
        /// The values in row-major order.
        public let values: [Float]

        /// - Precondition: the product of `shape` is the number of values.
        public init(shape: [Int], values: [Float]) {
            precondition(
                shape.reduce(1, *) == values.count, "A tensor of shape \(shape) cannot hold \(values.count) values.")
            self.shape = shape
            self.values = values
        }
    }

    /// The arrays by name.
    public var tensors: [String: Tensor]
    /// Free text stored with them, as `__metadata__`.
    public var metadata: [String: String]

    static let headerLimit = 16 << 20

    /// A file to be written.
    public init(_ tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    // MARK: Writing

    /// The bytes of the file.
    public func bytes() throws -> [UInt8] {
        var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
        var offset = 0
        let names = tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names {
            guard let tensor = tensors[name] else { continue }
            let end = offset + 4 * tensor.values.count
            header[name] = ["dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, end]]
            offset = end
        }
        var text = Array(
            try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes]))
        // Values start at a multiple of 8 bytes, as in the reference implementation.
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        var bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
        bytes.reserveCapacity(bytes.count + offset)
        for name in names {
            // On a little-endian machine the values can be copied as they are.
            if UInt32(1).littleEndian == 1 {
                tensors[name]?.values.withUnsafeBytes { bytes += $0 }
            } else {
                for value in tensors[name]?.values ?? [] {
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
                }
            }
        }
        return bytes
    }

    // MARK: Reading

    /// Reads a file.
    ///
    /// - Throws: `SafetensorsError` for bytes that are not a supported file.
    public init(bytes: [UInt8]) throws {
        guard bytes.count >= 8 else { throw SafetensorsError.tooShort(bytes: bytes.count) }
        let claimed = bytes.prefix(8).enumerated().reduce(UInt64(0)) {
            $0 | UInt64($1.element) << (8 * UInt64($1.offset))
        }
        guard claimed <= UInt64(Self.headerLimit) else {
            throw SafetensorsError.headerTooLong(bytes: Int(clamping: claimed), limit: Self.headerLimit)
        }
        let start = 8 + Int(claimed)
        guard bytes.count >= start else { throw SafetensorsError.headerCutOff(needed: start, found: bytes.count) }
        let parsed: Any
        do { parsed = try JSONSerialization.jsonObject(with: Data(bytes[8..<start])) } catch {
            throw SafetensorsError.badHeader(reason: "it is not JSON")
        }
        guard let header = parsed as? [String: Any] else {
            throw SafetensorsError.badHeader(reason: "it is not a JSON object")
        }
        let entries = try header.filter { $0.key != "__metadata__" }.map {
            try Entry($0.key, $0.value, bytes: bytes.count - start)
        }
        try Self.check(entries, bytes: bytes.count - start)
        // Nothing is allocated before the checks; together the tensors take about as much memory as the file.
        tensors = Dictionary(
            entries.map { ($0.name, Self.tensor($0, in: bytes[start...])) }, uniquingKeysWith: { first, _ in first })
        metadata = header["__metadata__"] as? [String: String] ?? [:]
    }

    /// The description of a tensor in the header.
    private struct Entry {
        let name: String
        let type: String
        let shape: [Int]
        let count: Int
        let width: Int
        let range: Range<Int>

        /// - Parameter bytes: number of bytes after the header.
        init(_ name: String, _ entry: Any, bytes: Int) throws {
            func bad(_ reason: String) -> SafetensorsError {
                .badTensor(name: String(name.prefix(100)), reason: reason)
            }
            guard let entry = entry as? [String: Any], let type = entry["dtype"] as? String,
                let shape = entry["shape"] as? [Int],
                let offsets = entry["data_offsets"] as? [Int], offsets.count == 2
            else { throw bad("it needs `dtype`, `shape` and `data_offsets`") }
            guard let width = ["F32": 4, "F64": 8, "F16": 2, "BF16": 2][type] else {
                throw SafetensorsError.unsupportedType(name: String(name.prefix(100)), type: String(type.prefix(20)))
            }
            guard shape.count <= 64 else { throw bad("its shape has \(shape.count) axes; the maximum is 64") }
            // A tensor with a zero extent is empty, but the product of the other extents must not overflow either.
            var count = 1
            for length in shape where length != 0 {
                guard length > 0 else { throw bad("its shape \(shape.prefix(8)) has a negative length") }
                let (product, overflow) = count.multipliedReportingOverflow(by: length)
                guard !overflow, product <= bytes || shape.contains(0) else {
                    throw bad("its shape \(shape.prefix(8)) is larger than the file")
                }
                count = product
            }
            if shape.contains(0) { count = 0 }
            guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= bytes else {
                throw bad("its bytes lie outside the file")
            }
            guard offsets[1] - offsets[0] == count * width else {
                throw bad(
                    "its shape \(shape.prefix(8)) of \(type) needs \(count * width) bytes, but it has "
                        + "\(offsets[1] - offsets[0])"
                )
            }
            self.name = name
            self.type = type
            self.shape = shape
            self.count = count
            self.width = width
            range = offsets[0]..<offsets[1]
        }
    }

    /// Checks that tensors follow each other without gaps, as the format requires: overlapping tensors would multiply
    /// the memory, and unclaimed bytes could hide data.
    private static func check(_ entries: [Entry], bytes: Int) throws {
        var end = 0
        for entry in entries.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
        }) {
            func bad(_ reason: String) -> SafetensorsError {
                .badTensor(name: String(entry.name.prefix(100)), reason: reason)
            }
            guard entry.range.lowerBound >= end else { throw bad("its bytes begin inside another tensor's") }
            guard entry.range.lowerBound == end else {
                throw bad("\(entry.range.lowerBound - end) bytes before it belong to no tensor")
            }
            end = entry.range.upperBound
        }
        guard bytes == end else { throw SafetensorsError.wrongLength(expected: end, found: bytes) }
    }

    private static func tensor(_ entry: Entry, in body: ArraySlice<UInt8>) -> Tensor {
        let (count, width) = (entry.count, entry.width)
        let values = body[(body.startIndex + entry.range.lowerBound)..<(body.startIndex + entry.range.upperBound)]
            .withUnsafeBytes {
                raw -> [Float] in
                func load<Raw: FixedWidthInteger>(_ type: Raw.Type, _ convert: (Raw) -> Float) -> [Float] {
                    (0..<count).map {
                        convert(Raw(littleEndian: raw.loadUnaligned(fromByteOffset: width * $0, as: Raw.self)))
                    }
                }
                return switch entry.type {
                case "F32": load(UInt32.self) { Float(bitPattern: $0) }
                case "F64": load(UInt64.self) { Float(Double(bitPattern: $0)) }
                case "F16": load(UInt16.self, half)
                default: load(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
                }
            }
        return Tensor(shape: entry.shape, values: values)
    }

    /// IEEE half precision; `Float16` is not available on all platforms.
    static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 1 ? -1 : 1, exponent = Int(bits >> 10 & 31), fraction = Float(bits & 1023)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }
}
