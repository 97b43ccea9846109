import Foundation

/// Named arrays of numbers as network weights are passed on: Hugging Face's `.safetensors`, read by PyTorch without code.
///
/// Float32 out; float32, float64, float16 and bfloat16 in, as float32. Names are written in byte order, so that equal
/// contents are equal bytes. Reading checks the header's length (at most 16 MiB), every shape and every offset before it
/// allocates; throws `SafetensorsError`.
public struct SafetensorsFile: Sendable, Equatable {
    public struct Tensor: Sendable, Equatable {
        public let shape: [Int]
        public let values: [Float]

        /// - Precondition: as many values as the shape has places.
        public init(shape: [Int], values: [Float]) {
            precondition(shape.reduce(1, *) == values.count, "A tensor of shape \(shape) cannot hold \(values.count) values.")
            self.shape = shape
            self.values = values
        }
    }

    public var tensors: [String: Tensor]
    /// Free text that goes with them: `__metadata__`.
    public var metadata: [String: String]

    static let headerLimit = 16 << 20

    public init(_ tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    // MARK: Writing

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
        var text = Array(try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes]))
        // Values start at a multiple of eight bytes, as the reference writer has it.
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        var bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
        bytes.reserveCapacity(bytes.count + offset)
        for name in names {
            // A copy of the memory is the file's order wherever numbers are little-endian.
            if UInt32(1).littleEndian == 1 {
                tensors[name]?.values.withUnsafeBytes { bytes += $0 }
            } else {
                for value in tensors[name]?.values ?? [] { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
            }
        }
        return bytes
    }

    // MARK: Reading

    public init(bytes: [UInt8]) throws {
        guard bytes.count >= 8 else { throw SafetensorsError.tooShort(bytes: bytes.count) }
        let claimed = bytes.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
        guard claimed <= UInt64(Self.headerLimit) else {
            throw SafetensorsError.headerTooLong(bytes: Int(clamping: claimed), limit: Self.headerLimit)
        }
        let start = 8 + Int(claimed)
        guard bytes.count >= start else { throw SafetensorsError.headerCutOff(needed: start, found: bytes.count) }
        let parsed: Any
        do { parsed = try JSONSerialization.jsonObject(with: Data(bytes[8..<start])) } catch {
            throw SafetensorsError.badHeader(reason: "it is not JSON")
        }
        guard let header = parsed as? [String: Any] else { throw SafetensorsError.badHeader(reason: "it is not a JSON object") }
        var tensors: [String: Tensor] = [:], end = 0
        for (name, entry) in header where name != "__metadata__" {
            let (tensor, last) = try Self.tensor(name, entry, in: bytes[start...])
            tensors[name] = tensor
            end = max(end, last)
        }
        guard bytes.count - start == end else { throw SafetensorsError.wrongLength(expected: end, found: bytes.count - start) }
        self.tensors = tensors
        metadata = header["__metadata__"] as? [String: String] ?? [:]
    }

    private static func tensor(_ name: String, _ entry: Any, in body: ArraySlice<UInt8>) throws -> (Tensor, end: Int) {
        func bad(_ reason: String) -> SafetensorsError { .badTensor(name: String(name.prefix(100)), reason: reason) }
        guard let entry = entry as? [String: Any], let type = entry["dtype"] as? String, let shape = entry["shape"] as? [Int],
            let offsets = entry["data_offsets"] as? [Int], offsets.count == 2
        else { throw bad("it needs `dtype`, `shape` and `data_offsets`") }
        guard let width = ["F32": 4, "F64": 8, "F16": 2, "BF16": 2][type] else {
            throw SafetensorsError.unsupportedType(name: String(name.prefix(100)), type: String(type.prefix(20)))
        }
        var count = 1
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflow, product <= body.count else { throw bad("its shape \(shape.prefix(8)) is larger than the file") }
            count = product
        }
        guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= body.count else { throw bad("its bytes lie outside the file") }
        guard offsets[1] - offsets[0] == count * width else {
            throw bad("its shape \(shape.prefix(8)) of \(type) needs \(count * width) bytes and it has \(offsets[1] - offsets[0])")
        }
        let values = body[(body.startIndex + offsets[0])..<(body.startIndex + offsets[1])].withUnsafeBytes { raw -> [Float] in
            func load<Raw: FixedWidthInteger>(_ type: Raw.Type, _ convert: (Raw) -> Float) -> [Float] {
                (0..<count).map { convert(Raw(littleEndian: raw.loadUnaligned(fromByteOffset: width * $0, as: Raw.self))) }
            }
            return switch type {
            case "F32": load(UInt32.self) { Float(bitPattern: $0) }
            case "F64": load(UInt64.self) { Float(Double(bitPattern: $0)) }
            case "F16": load(UInt16.self, half)
            default: load(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
            }
        }
        return (Tensor(shape: shape, values: values), offsets[1])
    }

    /// IEEE half precision; `Float16` is missing on some platforms.
    static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 1 ? -1 : 1, exponent = Int(bits >> 10 & 31), fraction = Float(bits & 1023)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }
}
