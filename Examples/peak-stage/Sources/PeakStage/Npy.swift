import SentioKit

/// As much of NumPy's format 1.0 as this stage needs. A package that reads more uses `NpyFile` of SentioNumerics.
enum Npy {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]

    /// - throws: `StageFailure` for anything but little-endian float32.
    static func float32(_ bytes: [UInt8]) throws -> [Float] {
        guard bytes.starts(with: magic), bytes.count >= 10 else { throw StageFailure("The waveform is no .npy file.") }
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        guard start <= bytes.count, String(decoding: bytes[10..<start], as: UTF8.self).contains("'<f4'") else {
            throw StageFailure("The waveform is not of little-endian float32.")
        }
        return bytes[start...].withUnsafeBytes { raw in
            (0..<raw.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
    }

    static func float64(_ values: [Double]) -> [UInt8] {
        var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(values.count),), }"
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        let length = [UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
        return magic + length + Array(header.utf8)
            + values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    }
}
