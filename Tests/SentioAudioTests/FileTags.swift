/// The tags that programs append to sound files, byte by byte.
enum FileTags {
    static func id3v1() -> [UInt8] { Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125) }

    static func id3v2(size: Int = 300) -> [UInt8] {
        Array("ID3".utf8) + [4, 0, 0, 0, 0, UInt8(size >> 7), UInt8(size & 127)] + [UInt8](repeating: 0, count: size)
    }

    static func ape() -> [UInt8] {
        let item: [UInt8] = [5, 0, 0, 0, 0, 0, 0, 0] + Array("Title".utf8) + [0] + Array("music".utf8)
        func mark(_ flags: UInt8) -> [UInt8] {
            Array("APETAGEX".utf8) + [0xD0, 7, 0, 0, UInt8(item.count + 32), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, flags]
                + [UInt8](repeating: 0, count: 8)
        }
        return mark(0xA0) + item + mark(0x80)
    }

    static func lyrics3() -> [UInt8] {
        let body = Array("LYRICSBEGININD0000200LYR00011some lyrics".utf8)
        return body + Array("0000\(body.count)LYRICS200".utf8) + id3v1()
    }

    static func lyrics3v1() -> [UInt8] { Array("LYRICSBEGINla la laLYRICSEND".utf8) + id3v1() }

    /// ID3v2.4 with a footer, behind the sound.
    static func footed() -> [UInt8] {
        var tag = id3v2()
        tag[5] = 0x10
        return tag + Array("3DI".utf8) + tag[3..<10]
    }

    static let all: [String: [UInt8]] = [
        "ID3v1": id3v1(), "APE": ape(), "APE and ID3v1": ape() + id3v1(), "Lyrics3": lyrics3(),
        "Lyrics3v1": lyrics3v1(),
        "ID3v2 with a footer": footed(),
    ]
}
