import Testing

@testable import SentioAudio

/// MP3 whose header counts wrongly, files joined from several, and what lies between frames.
struct MP3JoinTests {
    private let asItIs = AudioDecoder(.init(sampleRate: nil))
    private let song: MP3Frames
    private let frame = 576

    init() throws { song = try MP3Frames.encoded() }

    private func failure(_ bytes: [UInt8]) -> AudioError? {
        do {
            _ = try asItIs.decodeSound(bytes)
            return nil
        } catch {
            return error as? AudioError
        }
    }

    @Test func framesBehindTheHeadersNumberAreHeard() throws {
        let whole = try asItIs.decodeSound(song.bytes)
        #expect(whole.clip.frameCount == 22_050 && whole.warnings.isEmpty)
        for number in [song.count / 2, 1, song.count - 1, 0] {
            let sound = try asItIs.decodeSound(song.declaring(number).bytes)
            // the delay is cut, the padding, of which a wrong number says nothing, is not
            #expect(sound.clip.frameCount >= 22_050 && sound.clip.frameCount < 22_050 + 2 * frame)
            #expect(Array(sound.clip.samples.prefix(22_050)) == whole.clip.samples)
        }
    }

    @Test func missingFramesRefuseTheFileOrWarn() throws {
        #expect(
            failure(song.declaring(song.count + 4).bytes)
                == .truncated(
                    foundFrames: song.count, declaredFrames: song.count + 4, offset: song.bytes.count,
                    seconds: Double(song.count * frame) / 22_050))
        // one too many is a habit of some writers, and the number of bytes shows that all is there
        #expect(try asItIs.decodeSound(song.declaring(song.count + 1).bytes).warnings.isEmpty)
        var shorter = song
        shorter.frames.removeLast()
        #expect(
            try asItIs.decodeSound(shorter.bytes).warnings == [
                .fewerFrames(
                    found: song.count - 1, declared: song.count, seconds: Double((song.count - 1) * frame) / 22_050)
            ])
    }

    @Test func joinedFilesAreHeardOneAfterAnother() throws {
        let other = try MP3Frames.encoded(count: 11_025)
        let (first, second) = (try asItIs.decode(song.bytes), try asItIs.decode(other.bytes))
        let tagged =
            FileTags.id3v2() + song.bytes + FileTags.id3v1() + FileTags.id3v2() + other.bytes + FileTags.id3v1()
        for file in [song.bytes + other.bytes, tagged, song.bytes + FileTags.ape() + other.bytes] {
            let sound = try asItIs.decodeSound(file)
            #expect(sound.warnings.isEmpty && sound.clip.samples == first.samples + second.samples)
        }
        #expect(try asItIs.decode(song.bytes + song.bytes + other.bytes).frameCount == 2 * 22_050 + 11_025)
        // the second without an Info frame: frames that go on after the first's number
        let bare = try asItIs.decode(song.bytes + other.bare)
        #expect(bare.frameCount >= 22_050 + 11_025)
    }

    @Test func anotherRateIsSaidWithTheSecond() throws {
        let other = try MP3Frames.encoded(count: 44_100, rate: 44_100)
        let (from, to) = (
            AudioError.Format(sampleRate: 22_050, channels: 1), AudioError.Format(sampleRate: 44_100, channels: 1)
        )
        let seconds = Double(song.count * frame) / 22_050
        for file in [song.bytes + other.bytes, song.bare + other.bare] {
            #expect(failure(file) == .formatChanges(from: from, to: to, seconds: seconds))
        }
    }

    @Test func otherChannelsAreSaidWithTheSecond() throws {
        // stereo.mp3 is LAME's, at 44.1 kHz
        let mono = try MP3Frames.encoded(count: 44_100, rate: 44_100)
        let stereo = MP3Frames(try TestSignal.bytes("stereo.mp3"))
        guard case .formatChanges(let from, let to, let seconds) = failure(mono.bytes + stereo.bytes) else {
            Issue.record("the change was not noticed")
            return
        }
        #expect(from.channels == 1 && to.channels == 2 && abs(seconds - Double(mono.count * 1152) / 44_100) < 1e-9)
    }

    @Test func bytesBetweenFramesRefuseTheFileUnlessEveryFrameIsThere() throws {
        let half = song.frames.count / 2
        let (start, end) = (Array(song.frames[..<half].joined()), Array(song.frames[half...].joined()))
        let bareStart = Array(song.frames[1..<half].joined())
        let junk = [UInt8](repeating: 0x55, count: 2500)
        let seconds = Double((half - 1) * frame) / 22_050
        let inserted = try asItIs.decodeSound(start + junk + end)
        #expect(inserted.warnings == [.skippedBytes(count: 2500, offset: start.count, seconds: seconds)])
        #expect(try inserted.clip == asItIs.decode(song.bytes))
        for bytes in [bareStart + junk + end, start + junk + Array(end.dropFirst(song.frames[half].count))] {
            guard case .damaged(_, let offset, let place) = failure(bytes) else {
                Issue.record("the gap was not noticed")
                continue
            }
            #expect(try abs(place - seconds) < 1e-9 && #require(offset) + 2500 + end.count >= bytes.count)
        }
    }

    @Test func whatIsNoSoundAtTheEndsIsSaid() throws {
        let junk = [UInt8](repeating: 0x55, count: 2500)
        let bare = song.bare
        let seconds = Double(song.count * frame) / 22_050
        #expect(try asItIs.decodeSound(bare).warnings.isEmpty)
        #expect(
            try asItIs.decodeSound(bare + junk).warnings == [
                .skippedBytes(count: 2500, offset: bare.count, seconds: seconds)
            ])
        #expect(try asItIs.decodeSound(junk + bare).warnings == [.skippedBytes(count: 2500, offset: 0, seconds: 0)])
        #expect(try asItIs.decodeSound(bare + [UInt8](repeating: 0, count: 2500)).warnings.isEmpty)
        let cut = Array(bare.dropLast(20))
        let last = bare.count - (song.frames.last?.count ?? 0)
        #expect(
            try asItIs.decodeSound(cut).warnings == [
                .lastFrameCutOff(offset: last, seconds: Double((song.count - 1) * frame) / 22_050)
            ])
    }

    /// Fraunhofer's header, whose number libmpg123 reads from another place.
    @Test(arguments: [0, 10, nil] as [Int?])
    func aVBRIHeaderIsNoSoundAndItsNumberIsNotBelieved(number: Int?) throws {
        var head = song.frames[1]
        for at in 4..<head.count { head[at] = 0 }
        let count = number ?? song.count
        head.replaceSubrange(
            36..<54,
            with: Array("VBRI".utf8) + [0, 1] + [UInt8](repeating: 0, count: 8) + [
                0, 0, UInt8(count >> 8), UInt8(count & 255),
            ])
        let sound = try asItIs.decodeSound(head + song.bare)
        #expect(sound.clip.frameCount >= song.count * frame && sound.clip.frameCount <= (song.count + 1) * frame)
        #expect(failure(head + Array(song.bare.prefix(song.bare.count / 2))) != nil || count < song.count / 2)
    }

    @Test func aNumberOfBytesAloneShowsACut() throws {
        var counted = song
        // flags: bytes only, which move to the place of the frames
        let mark = try #require(
            (0..<200).first {
                counted.frames[0][$0...].starts(with: "Info".utf8) || counted.frames[0][$0...].starts(with: "Xing".utf8)
            })
        counted.frames[0][mark + 7] = 2
        for i in 0..<4 { counted.frames[0][mark + 8 + i] = UInt8(truncatingIfNeeded: song.bytes.count >> (24 - 8 * i)) }
        #expect(try asItIs.decodeSound(counted.bytes).warnings.isEmpty)
        guard case .truncatedData(_, let declared, _, _) = failure(Array(counted.bytes.prefix(counted.bytes.count / 2)))
        else {
            Issue.record("the cut was not noticed")
            return
        }
        #expect(declared == song.bytes.count)
    }
}
