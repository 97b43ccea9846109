import SentioBase

/// CRC-32C as TensorFlow and LevelDB store it: rotated and offset ("masked").
enum CRC32C {
    static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let sum = CRC32.castagnoli.checksum(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
}
