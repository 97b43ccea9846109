/// A 32-bit cyclic redundancy check, least significant bit first (reflected), as in most formats.
public struct CRC32: Sendable {
    /// The polynomial of PNG, ZIP and Ethernet (IEEE 802.3).
    public static let ieee = CRC32(0xEDB8_8320)
    /// CRC-32C (Castagnoli), used by iSCSI and LevelDB.
    public static let castagnoli = CRC32(0x82F6_3B78)

    private let table: [UInt32]

    private init(_ polynomial: UInt32) {
        table = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? polynomial : 0) }
        }
    }

    /// The checksum of some bytes.
    public func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
}
