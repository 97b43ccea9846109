import SentioAudio

/// The frames of a layer III file that `MP3Encoder` wrote, by their own lengths.
struct MP3Frames {
    var frames: [[UInt8]]

    init(_ file: [UInt8]) {
        frames = []
        var at = 0
        while at + 4 <= file.count, file[at] == 0xFF {
            let isFirst = file[at + 1] >> 3 & 3 == 3
            let rates = isFirst ? [44_100, 48_000, 32_000] : [22_050, 24_000, 16_000]
            let bits =
                isFirst
                ? [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
                : [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
            let (rate, bit) = (rates[Int(file[at + 2] >> 2 & 3)], bits[Int(file[at + 2] >> 4)])
            let length = (isFirst ? 144 : 72) * bit * 1000 / rate + Int(file[at + 2] >> 1 & 1)
            frames.append(Array(file[at..<min(file.count, at + length)]))
            at += length
        }
    }

    /// A sound of the demo's kind, with LAME's Info frame in front.
    static func encoded(count: Int = 22_050, rate: Int = 22_050) throws -> MP3Frames {
        MP3Frames(try MP3Encoder.encode(TestSignal.sweep(count: count, rate: Double(rate)), sampleRate: rate))
    }

    var bytes: [UInt8] { Array(frames.joined()) }
    /// Without the Info frame.
    var bare: [UInt8] { Array(frames.dropFirst().joined()) }
    /// Of sound.
    var count: Int { frames.count - 1 }

    private var mark: Int {
        (0..<200).first { frames[0][$0...].starts(with: "Info".utf8) || frames[0][$0...].starts(with: "Xing".utf8) }
            ?? 0
    }

    /// The number of frames in the Info frame is another.
    func declaring(_ count: Int) -> MP3Frames {
        var copy = self
        for i in 0..<4 { copy.frames[0][mark + 8 + i] = UInt8(truncatingIfNeeded: count >> (24 - 8 * i)) }
        return copy
    }

    /// No number of frames, and no number of bytes.
    func declaringNothing() -> MP3Frames {
        var copy = self
        for i in 0..<4 { copy.frames[0][mark + 4 + i] = 0 }
        return copy
    }
}
