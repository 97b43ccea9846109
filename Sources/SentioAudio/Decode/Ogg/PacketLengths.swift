/// The number of samples in each packet of a Vorbis or Opus stream, from its first bytes.
struct PacketLengths {
    private enum Kind {
        /// The block size of each mode.
        case vorbis(modes: [Int], modeBits: Int)
        case opus
    }

    /// Samples to drop at the start.
    let skip: Int
    private let kind: Kind
    private var headersLeft: Int
    private var blockBefore: Int?

    /// nil for other codecs, and for a setup header that cannot be read, which libvorbis will report.
    init?(_ stream: OggStream, _ file: UnsafeRawBufferPointer) throws {
        switch stream.codec {
        case .opus(let preSkip):
            skip = preSkip
            kind = .opus
            headersLeft = 2
        case .vorbis(_, let short, let long):
            var setup: [UInt8] = []
            var index = 0
            stream.forEachPacket(file) { packet in
                if index == 2 { for range in packet.ranges { setup.append(contentsOf: file[range]) } }
                index += 1
                return index < 3
            }
            guard let modes = VorbisModes(setup) else { return nil }
            skip = 0
            kind = .vorbis(modes: modes.isLong.map { $0 ? long : short }, modeBits: modes.bits)
            headersLeft = 3
        default: return nil
        }
    }

    /// nil for header packets.
    mutating func next(_ packet: OggStream.Packet, _ file: UnsafeRawBufferPointer) -> Int? {
        if headersLeft > 0 {
            headersLeft -= 1
            return nil
        }
        guard packet.length > 0, packet.start < file.count else { return 0 }
        let first = Int(file[packet.start])
        switch kind {
        case .opus: return Self.opus(first, packet, file)
        case .vorbis(let modes, let bits):
            // Packets other than audio add nothing.
            guard first & 1 == 0 else { return 0 }
            let mode = first >> 1 & ((1 << bits) - 1)
            guard mode < modes.count else { return 0 }
            let block = modes[mode]
            defer { blockBefore = block }
            return blockBefore.map { ($0 + block) / 4 } ?? 0
        }
    }

    /// RFC 6716, section 3.1: samples at 48 kHz.
    private static func opus(_ first: Int, _ packet: OggStream.Packet, _ file: UnsafeRawBufferPointer) -> Int {
        let configuration = first >> 3
        let frame =
            switch configuration {
            case 0..<12: [480, 960, 1920, 2880][configuration & 3]
            case 12..<16: [480, 960][configuration & 1]
            default: 120 << (configuration & 3)
            }
        switch first & 3 {
        case 0: return frame
        case 1, 2: return 2 * frame
        default:
            guard packet.length > 1, packet.start + 1 < file.count else { return 0 }
            return Int(file[packet.start + 1] & 0x3F) * frame
        }
    }
}

/// The modes of a Vorbis stream, stored at the end of its setup header (Vorbis I, section 4.2.4). They are read
/// backwards, because the length of what precedes them is unknown.
struct VorbisModes {
    let isLong: [Bool]
    /// Bits in a mode number.
    let bits: Int

    init?(_ setup: [UInt8]) {
        guard setup.count > 7, setup[0] == 5 else { return nil }
        let total = setup.count * 8
        func bit(_ at: Int) -> Int { at >= 0 && at < total ? Int(setup[at / 8] >> UInt8(at % 8) & 1) : 0 }
        func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | bit(at + $1) << $1 } }
        // The framing bit is the last bit that is 1.
        guard let framing = (7 * 8..<total).reversed().first(where: { bit($0) == 1 }) else { return nil }
        var at = framing
        var found: [Bool] = []
        var modes: [Bool]?
        // A mode has 41 bits: block flag (1), window type (16) and transform type (16), both 0, mapping (8). The number
        // of modes minus 1 (6 bits) precedes the first.
        while found.count < 64, at - 41 >= 7 * 8, number(at - 40, 32) == 0, number(at - 8, 8) < 64 {
            at -= 41
            found.append(bit(at) == 1)
            if number(at - 6, 6) + 1 == found.count { modes = found.reversed() }
        }
        guard let modes, modes.count > 0 else { return nil }
        isLong = modes
        bits = modes.count == 1 ? 0 : Int.bitWidth - (modes.count - 1).leadingZeroBitCount
    }
}
