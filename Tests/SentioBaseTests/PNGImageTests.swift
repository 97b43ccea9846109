import SentioBase
import Testing

@Suite struct PNGImageTests {
    /// As Python's zlib and struct write them: a 3 x 2 picture of two colours.
    @Test func aSmallPictureByteForByte() {
        let expected: [UInt8] = [
            137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 3,
            0, 0, 0, 2, 4, 3, 0, 0, 0, 111, 90, 123, 41, 0, 0, 0, 6, 80, 76, 84,
            69, 0, 0, 0, 255, 128, 0, 32, 124, 21, 105, 0, 0, 0, 17, 73, 68, 65, 84, 120,
            1, 1, 6, 0, 249, 255, 0, 1, 0, 0, 16, 16, 0, 59, 0, 34, 86, 77, 211, 17,
            0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
        ]
        var image = PNGImage(width: 3, height: 2, colours: [(0, 0, 0), (255, 128, 0)])
        image.pixels = [0, 1, 0, 1, 0, 1]
        #expect(image.bytes == expected)
    }

    /// Likewise of 2 x 2 pixels and 17 colours, too many for four bits.
    @Test func moreThanSixteenColoursTakeAByteEach() {
        let expected = """
            89504e470d0a1a0a0000000d49484452000000020000000208030000004568fd1600000033504c54450000ff0100fe0200fd0300fc0400fb05\
            00fa0600f90700f80800f70900f60a00f50b00f40c00f30d00f20e00f10f00f01000ef0a9c2c1e00000011494441547801010600f9ff000001\
            001000002a0012d641a9a50000000049454e44ae426082
            """
        var image = PNGImage(width: 2, height: 2, colours: (0..<17).map { ($0, 0, 255 - $0) })
        image.pixels = [0, 1, 16, 0]
        #expect(image.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == expected)
    }

    @Test func aPictureOfSeveralBlocks() {
        let image = PNGImage(width: 1000, height: 300, colours: [(1, 2, 3)]), bytes = image.bytes
        // 300 rows of 501 bytes in three stored blocks of at most 65,535.
        #expect(bytes.count == 8 + 25 + 15 + 12 + 12 + 2 + 3 * 5 + 300 * 501 + 4)
    }
}
