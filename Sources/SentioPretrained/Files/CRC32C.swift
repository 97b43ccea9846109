/// Castagnoli's CRC-32 as TensorFlow and LevelDB store it: rotated and shifted ("masked").
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0x82F6_3B78 : 0) }
    }

    static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let sum = ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
}
