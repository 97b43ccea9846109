import SentioBase
import Testing

@Suite struct CRC32Tests {
    /// The check values of the catalogues of CRCs, over `123456789`.
    @Test func checkValues() {
        let digits = Array("123456789".utf8)[...]
        #expect(CRC32.ieee.checksum(digits) == 0xCBF4_3926 && CRC32.castagnoli.checksum(digits) == 0xE306_9283)
        #expect(CRC32.ieee.checksum([]) == 0)
    }
}
