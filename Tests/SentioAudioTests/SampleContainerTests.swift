import SentioAudio
import Testing

/// WAV, RF64, AIFF, CAF and AU whose headers do not tell the truth, and what may lie behind the sound.
struct SampleContainerTests {
    private let asItIs = AudioDecoder(.init(sampleRate: nil))
    private let file = SoundFile(samples: TestSignal.sweep(count: 1000))
    /// Where the 2000 bytes of sound of `file` begin; they are the last.
    private func start(_ container: SoundFile.Container) -> Int { file.bytes(container).count - 2000 }

    private func failure(_ bytes: [UInt8]) -> AudioError? {
        do {
            _ = try asItIs.decodeSound(bytes)
            return nil
        } catch {
            return error as? AudioError
        }
    }

    private func declaring(_ bytes: Int, _ container: SoundFile.Container) -> [UInt8] {
        var copy = file
        copy.declaredBytes = bytes
        return copy.bytes(container)
    }

    @Test(arguments: SoundFile.Container.allCases)
    func sizesThatWereNeverWrittenAreReadToTheEnd(container: SoundFile.Container) throws {
        let whole = try asItIs.decode(file.bytes(container))
        var sizes = [0, -1]
        if container != .caf { sizes += [0x7FFF_F000, 0x8000_0000, 0xFFFF_F000] }
        if container == .rf64 { sizes = [0, -1] }
        for size in sizes {
            let sound = try asItIs.decodeSound(declaring(size, container))
            #expect(sound.clip == whole && sound.warnings.isEmpty, "\(container) of \(size)")
            #expect(try asItIs.decode(declaring(size, container) + FileTags.id3v1()) == whole)
        }
    }

    @Test(arguments: SoundFile.Container.allCases)
    func aFewBytesTooManyAreAWarning(container: SoundFile.Container) throws {
        let sound = try asItIs.decodeSound(declaring(2044, container))
        #expect(sound.warnings == [.fewerBytes(found: 2000, declared: 2044, seconds: 1000 / 22_050)])
        #expect(sound.clip.frameCount == 1000)
        #expect(
            failure(declaring(2600, container))
                == .truncatedData(
                    foundBytes: 2000, declaredBytes: 2600, offset: start(container), seconds: 1000 / 22_050))
        // the byte that makes a size even, counted
        #expect(try asItIs.decodeSound(declaring(2001, container)).warnings.isEmpty)
    }

    @Test(arguments: SoundFile.Container.allCases)
    func soundBehindTheHeadersEndIsNotLeftOutInSilence(container: SoundFile.Container) throws {
        guard
            case .dataBeyondDeclaredEnd(let declared, let rest, let offset, let seconds) = failure(
                declaring(1000, container))
        else {
            Issue.record("\(container): \(String(describing: failure(declaring(1000, container))))")
            return
        }
        #expect(declared == 1000 && rest == 1000 && offset == start(container) + 1000 && seconds == 500 / 22_050)
        let few = try asItIs.decodeSound(declaring(1960, container))
        #expect(few.warnings == [.skippedBytes(count: 40, offset: start(container) + 1960, seconds: 980 / 22_050)])
        #expect(try asItIs.decodeSound(file.bytes(container) + [UInt8](repeating: 0, count: 600)).warnings.isEmpty)
    }

    private func list(_ name: String = "LIST") -> [UInt8] {
        Array(name.utf8) + [10, 0, 0, 0] + Array("INFOsong\0\0".utf8)
    }

    @Test func chunksMayLieBehindTheSound() throws {
        let whole = try asItIs.decode(file.bytes(.wav))
        #expect(try asItIs.decodeSound(file.bytes(.wav) + list()) == asItIs.decodeSound(file.bytes(.wav)))
        #expect(try asItIs.decode(file.bytes(.wav) + list() + list("id3 ") + FileTags.id3v1()) == whole)
        // a chunk that was cut off is no sound
        #expect(try asItIs.decodeSound(file.bytes(.wav) + list().dropLast(3)) == asItIs.decodeSound(file.bytes(.wav)))
        // but any four letters are not: this could be sound
        guard
            case .dataBeyondDeclaredEnd = failure(
                file.bytes(.wav) + Array("abcdefgh".utf8) + TestSignal.wav(TestSignal.sweep(count: 400)))
        else {
            Issue.record("sound that looks like a chunk was left out in silence")
            return
        }
        // an odd number of bytes, with and without the byte that should follow
        let odd = SoundFile(samples: TestSignal.sweep(count: 1001), encoding: .u8)
        #expect(try asItIs.decodeSound(odd.bytes(.wav) + [0] + list()) == asItIs.decodeSound(odd.bytes(.wav)))
        #expect(try asItIs.decodeSound(odd.bytes(.wav) + list()) == asItIs.decodeSound(odd.bytes(.wav)))
        #expect(try asItIs.decode(odd.bytes(.wav)).frameCount == 1001)
        // a size of 0 that is meant: a chunk follows, and the file ends with it
        #expect(failure(Array(declaring(0, .wav).prefix(start(.wav))) + list()) == .noSamples)
    }

    @Test func severalDataChunksAreOneSound() throws {
        let wav = file.bytes(.wav)
        let data = Array(wav.suffix(2008))
        let samples = try asItIs.decode(wav).samples
        #expect(try asItIs.decodeSound(wav + data).clip.samples == samples + samples)
        #expect(try asItIs.decodeSound(wav + list() + data).warnings.isEmpty)
        #expect(try asItIs.decode(wav + list() + data + list() + data).frameCount == 3000)
    }

    @Test func bw64IsRF64ByAnotherName() throws {
        var bytes = file.bytes(.rf64)
        bytes.replaceSubrange(0..<4, with: Array("BW64".utf8))
        #expect(try asItIs.decode(bytes) == asItIs.decode(file.bytes(.rf64)))
    }

    @Test func whatAIFFSaysTwice() throws {
        var aiff = file.bytes(.aiff)
        let common = 20
        let whole = try asItIs.decode(aiff)
        // fewer frames in COMM than bytes in SSND: all are heard
        aiff.replaceSubrange((common + 2)..<(common + 6), with: [0, 0, 1, 0xF4])
        #expect(try asItIs.decode(aiff) == whole)
        aiff.replaceSubrange((common + 2)..<(common + 6), with: [0, 0, 0x13, 0x88])
        #expect(
            failure(aiff)
                == .truncatedSamples(
                    foundFrames: 1000, declaredFrames: 5000, offset: aiff.count, seconds: 1000 / 22_050))
        // an offset before the sound
        var moved = file.bytes(.aiff)
        let sound = moved.count - 2000 - 8
        moved[sound + 3] = 50
        moved.insert(contentsOf: [UInt8](repeating: 7, count: 50), at: sound + 8)
        moved.replaceSubrange((sound - 4)..<sound, with: [0, 0, 8, 10])
        #expect(try asItIs.decode(moved) == whole)
        moved[sound] = 0x7F
        guard case .damagedHeader = failure(moved) else {
            Issue.record("\(String(describing: failure(moved)))")
            return
        }
    }

    @Test func headersWithoutSoundAreSentences() {
        var au = file.bytes(.au)
        au[4] = 0x7F
        #expect("\(String(describing: failure(au)))".contains("begin at byte 2130706456 of 2024"))
        for (container, magic) in [(SoundFile.Container.wav, "data"), (.aiff, "SSND"), (.caf, "data")] {
            var bytes = file.bytes(container)
            let at = bytes.count - 2000 - (container == .wav ? 8 : 16)
            #expect(bytes[at...].starts(with: magic.utf8))
            bytes[at] = UInt8(ascii: "x")
            guard case .damagedHeader(let reason) = failure(bytes) else {
                Issue.record("\(container): \(String(describing: failure(bytes)))")
                continue
            }
            #expect(reason.contains("`\(magic)`"))
        }
    }
}
