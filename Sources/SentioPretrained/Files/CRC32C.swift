import SentioBase

/// Castagnoli's CRC-32 as TensorFlow and LevelDB store it: rotated and shifted ("masked").
enum CRC32C {
    static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let sum = CRC32.castagnoli.checksum(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
}
