/// Reads and writes NumPy's `.npy` format with little-endian float32, float64 or int64 values in C order.
///
/// Reads versions 1.0, 2.0 and 3.0; writes 1.0, or 2.0 if the header requires it, with the same bytes as numpy.save.
/// Before it allocates, reading checks the length of the header (at most 1 MiB), the shape and the number of bytes.
public enum NpyFile {
    static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    static let headerLimit = 1 << 20

    /// - Throws: `NpyError` for bytes that are not a supported file.
    public static func read(_ bytes: [UInt8]) throws -> NpyArray {
        try bytes.withUnsafeBytes { try read($0) }
    }

    /// - Throws: `NpyError` for bytes that are not a supported file.
    public static func read(_ bytes: UnsafeRawBufferPointer) throws -> NpyArray {
        let layout = try layout(bytes), body = UnsafeRawBufferPointer(rebasing: bytes[layout.offset...])
        switch layout.element {
        case .float32:
            return NpyArray(
                load(body, layout.count, as: UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) },
                shape: layout.shape)
        case .float64:
            return NpyArray(
                load(body, layout.count, as: UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) },
                shape: layout.shape)
        case .int64:
            return NpyArray(load(body, layout.count, as: Int64.self) { Int64(littleEndian: $0) }, shape: layout.shape)
        }
    }

    /// The location of the values, for files that are read in place. Makes all checks of `read`, but copies no values.
    ///
    /// - Throws: `NpyError` for bytes that are not a supported file.
    public static func layout(_ bytes: UnsafeRawBufferPointer) throws -> NpyLayout {
        guard bytes.count >= 10, bytes.prefix(6).elementsEqual(magic) else {
            guard bytes.count >= 6, bytes.prefix(6).elementsEqual(magic) else { throw NpyError.notNpy }
            throw NpyError.headerCutOff(needed: 10, found: bytes.count)
        }
        let (major, minor) = (Int(bytes[6]), Int(bytes[7]))
        guard (1...3).contains(major), minor == 0 else {
            throw NpyError.unsupportedVersion(major: major, minor: minor)
        }
        let prefix = major == 1 ? 10 : 12
        guard bytes.count >= prefix else { throw NpyError.headerCutOff(needed: prefix, found: bytes.count) }
        var length = Int(bytes[8]) | Int(bytes[9]) << 8
        if major > 1 { length |= Int(bytes[10]) << 16 | Int(bytes[11]) << 24 }
        guard length <= headerLimit else { throw NpyError.headerTooLong(bytes: length, limit: headerLimit) }
        let start = prefix + length
        guard bytes.count >= start else { throw NpyError.headerCutOff(needed: start, found: bytes.count) }

        var parser = NpyHeaderParser(bytes: Array(bytes[prefix..<start]), base: prefix)
        let header = try parser.parse()
        if header.fortranOrder && header.shape.count > 1 { throw NpyError.fortranOrder }
        guard let element = NpyLayout.Element(rawValue: header.type) else {
            throw NpyError.unsupportedType(header.type)
        }
        var size = element.width
        for extent in header.shape where extent != 0 {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            if overflow { throw NpyError.tooLarge(shape: "\(header.shape)") }
            size = product
        }
        if header.shape.contains(0) { size = 0 }
        guard bytes.count - start == size else {
            throw NpyError.wrongLength(expected: size, found: bytes.count - start)
        }
        return NpyLayout(shape: header.shape, element: element, offset: start, count: size / element.width)
    }

    /// The bytes of a file.
    public static func write(_ array: NpyArray) -> [UInt8] {
        let type: String
        switch array.values {
        case .float32: type = "<f4"
        case .float64: type = "<f8"
        case .int64: type = "<i8"
        }
        let extents = array.shape.map { "\($0)" }.joined(separator: ", ") + (array.shape.count == 1 ? "," : "")
        var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
        // NumPy leaves room for a first extent of 21 digits, then pads magic and header to a multiple of 64 bytes.
        if let first = array.shape.first { header += [UInt8](repeating: 0x20, count: 21 - "\(first)".count) }
        let prefix = header.count + 1 + 10 + 64 > 65_535 ? 12 : 10
        let padding = (64 - (prefix + header.count + 1) % 64) % 64
        header += [UInt8](repeating: 0x20, count: padding)
        header.append(0x0A)
        var bytes = magic + [prefix == 10 ? 1 : 2, 0]
        bytes += [UInt8(header.count & 0xFF), UInt8(header.count >> 8 & 0xFF)]
        if prefix == 12 { bytes += [UInt8(header.count >> 16 & 0xFF), UInt8(header.count >> 24 & 0xFF)] }
        bytes += header
        switch array.values {
        case .float32(let v): store(v.count, into: &bytes) { v[$0].bitPattern.littleEndian }
        case .float64(let v): store(v.count, into: &bytes) { v[$0].bitPattern.littleEndian }
        case .int64(let v): store(v.count, into: &bytes) { v[$0].littleEndian }
        }
        return bytes
    }

    private static func load<Raw: FixedWidthInteger, Value>(
        _ body: UnsafeRawBufferPointer, _ count: Int, as type: Raw.Type, _ convert: (Raw) -> Value
    ) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
            for i in 0..<count {
                let raw = body.loadUnaligned(fromByteOffset: i * MemoryLayout<Raw>.size, as: Raw.self)
                buffer.initializeElement(at: i, to: convert(raw))
            }
            initialized = count
        }
    }

    private static func store<Raw: FixedWidthInteger>(_ count: Int, into bytes: inout [UInt8], _ value: (Int) -> Raw) {
        let body = [UInt8](unsafeUninitializedCapacity: count * MemoryLayout<Raw>.size) { buffer, initialized in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            for i in 0..<count { raw.storeBytes(of: value(i), toByteOffset: i * MemoryLayout<Raw>.size, as: Raw.self) }
            initialized = count * MemoryLayout<Raw>.size
        }
        bytes += body
    }
}
