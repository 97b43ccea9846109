import SentioAudio
import Testing

/// Damaged and hostile files give sentences.
struct AudioErrorTests {
    private let decoder = AudioDecoder()
    private func song() throws -> [UInt8] { try MP3Encoder.encode(TestSignal.sweep(count: 44_100), sampleRate: 22_050) }

    @Test func emptyAndText() {
        #expect(throws: AudioError.empty) { try decoder.decode([UInt8]()) }
        #expect(throws: AudioError.notAudio(looksLikeText: true)) {
            try decoder.decode(Array("<html><body>404 Not Found</body></html>".utf8))
        }
        #expect(throws: AudioError.notAudio(looksLikeText: false)) {
            try decoder.decode([UInt8](repeating: 0, count: 10_000))
        }
    }

    @Test func anID3TagBeyondTheEnd() {
        let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F] + [UInt8](repeating: 0, count: 100)
        #expect(throws: AudioError.id3TagBeyondEnd(claimedBytes: 268_435_455, availableBytes: 100, offset: 0)) {
            try decoder.decode(tag)
        }
        let plain: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0x80, 0, 0, 0] + [UInt8](repeating: 0, count: 100)
        #expect(throws: AudioError.id3TagBeyondEnd(claimedBytes: 2_147_483_648, availableBytes: 100, offset: 0)) {
            try decoder.decode(plain)
        }
    }

    @Test func anMP3WithoutFrames() {
        let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 10] + [UInt8](repeating: 0, count: 10)
        #expect(throws: AudioError.noFrames(bytes: 20)) { try decoder.decode(tag) }
    }

    @Test func aTruncatedMP3IsReportedWithItsFrames() throws {
        let bytes = try song()
        let cut = bytes.count * 6 / 10
        do {
            _ = try decoder.decode(Array(bytes.prefix(cut)))
            Issue.record("A truncated MP3 was accepted.")
        } catch let error as AudioError {
            guard case .truncated(let found, let declared, let offset, let seconds) = error else { throw error }
            #expect(offset == cut)
            #expect(found > declared / 2 && found < declared * 7 / 10)
            #expect(abs(seconds - Double(found * 576) / 22_050) < 1e-9)
            #expect("\(error)".hasPrefix("The MP3 file ends at byte \(cut) after \(found) of the \(declared) frames"))
        }
    }

    @Test func aTagBehindTheLastFrameIsNoDamage() throws {
        let bytes = try song()
        let tagged = bytes + Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
        #expect(try decoder.decode(tagged) == decoder.decode(bytes))
    }

    @Test func anID3TagInFrontChangesNothing() throws {
        let bytes = try song()
        let tag: [UInt8] = Array("ID3".utf8) + [3, 0, 0, 0, 0, 2, 0] + [UInt8](repeating: 0, count: 256)
        #expect(try decoder.decode(tag + bytes) == decoder.decode(bytes))
    }

    @Test func absurdWAVHeaders() {
        let samples = TestSignal.sweep(count: 1000)
        #expect(throws: AudioError.unusableFormat(channels: 1, sampleRate: 2_000_000)) {
            try decoder.decode(TestSignal.wav(samples, rate: 2_000_000))
        }
        #expect(throws: AudioError.self) { try decoder.decode(TestSignal.wav(samples, channels: 500)) }
        #expect(throws: AudioError.self) { try decoder.decode(TestSignal.wav(samples, channels: 0)) }
        #expect(
            throws: AudioError.truncatedData(
                foundBytes: 2000, declaredBytes: 1_000_000_000, offset: 44, seconds: 1000 / 22_050)
        ) {
            try decoder.decode(TestSignal.wav(samples, declaredBytes: 1_000_000_000))
        }
    }

    @Test func aWAVWrittenToAPipeHasNoSizeAndIsRead() throws {
        let samples = TestSignal.sweep(count: 1000)
        #expect(try decoder.decode(TestSignal.wav(samples, declaredBytes: 0xFFFF_FFFF)).frameCount == 1000)
    }

    @Test func settingsAreChecked() {
        for options in [
            AudioDecoder.Options(sampleRate: 0), .init(offset: -1), .init(offset: .nan), .init(duration: 0),
            .init(maximumSeconds: .infinity),
        ] {
            #expect(throws: AudioError.self) { try AudioDecoder(options).decode(TestSignal.wav([0, 0])) }
        }
        #expect(throws: AudioError.self) { try MelFilterBank(sampleRate: 16_000, fftSize: 2048, maxHz: 9000) }
        #expect(throws: AudioError.self) { try STFT(fftSize: 2047) }
        #expect(throws: AudioError.self) { try HandcraftedFeatures(.init(sampleRate: 11_025)) }
        #expect(throws: AudioError.noSamples) { try LogMelSpectrogram().compute([]) }
        #expect(throws: AudioError.unusableSample(index: 1)) { try HandcraftedFeatures().compute([0, .nan]) }
    }

    /// Several hundred deterministic mutations: bytes changed, pieces cut out, tails cut off. Any error is fine, a
    /// crash is not.
    @Test(arguments: [
        "mp3", "joined.mp3", "wav", "aiff", "caf", "au", "rf64", "sweep.flac", "paged.flac", "sweep.ogg", "paged.opus",
        "paged.oga",
        "aiff-magic",
    ])
    func mutatedFilesNeverCrash(kind: String) throws {
        let samples = Array(TestSignal.sweep(count: 6000))
        var original: [UInt8]
        switch kind {
        case "mp3": original = try MP3Encoder.encode(samples, sampleRate: 22_050)
        case "joined.mp3":
            let song = try MP3Frames.encoded(count: 5000)
            original =
                song.bytes + FileTags.id3v1() + song.declaring(3).bytes + FileTags.lyrics3() + song.bare
                + FileTags.ape()
        case "wav", "aiff-magic": original = TestSignal.wav(samples)
        default:
            let container = SoundFile.Container(rawValue: kind)
            original = try container.map { SoundFile(samples: samples).bytes($0) } ?? TestSignal.bytes(kind)
        }
        if kind == "aiff-magic" { original.replaceSubrange(0..<4, with: Array("FORM".utf8)) }
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for round in 0..<150 {
            var bytes = original
            for _ in 0...next(8) {
                // half of the hits go to the header
                let at = round % 2 == 0 ? next(min(64, bytes.count)) : next(bytes.count)
                bytes[at] = UInt8(next(256))
            }
            if round % 3 == 0 { bytes.removeLast(next(bytes.count)) }
            if round % 5 == 0, bytes.count > 100 { bytes.removeSubrange(50..<(50 + next(bytes.count - 60))) }
            if let clip = try? AudioDecoder(.init(maximumSeconds: 60)).decode(bytes) {
                #expect(clip.samples.allSatisfy { $0.isFinite })
            }
        }
    }
}
