import SentioAudio
import Testing

/// Files that end early, claim what is not there, or hold what is no sound.
struct DamagedFormatTests {
    private let decoder = AudioDecoder()

    private func failure(_ bytes: [UInt8]) -> AudioError? {
        do {
            _ = try decoder.decode(bytes)
            return nil
        } catch {
            return error as? AudioError
        }
    }

    @Test(arguments: SoundFile.Container.allCases)
    func aSizeBeyondTheEndIsSaid(container: SoundFile.Container) throws {
        let samples = TestSignal.sweep(count: 1000)
        for claimed in [4000, 1 << 30, container == .rf64 || container == .caf ? 1 << 44 : 3_900_000_000] {
            let bytes = SoundFile(samples: samples, declaredBytes: claimed).bytes(container)
            guard case .truncatedData(let found, let declared, let offset, _) = failure(bytes) else {
                Issue.record("\(container) of \(claimed) bytes: \(String(describing: failure(bytes)))")
                continue
            }
            #expect(found == 2000 && declared == claimed && offset == bytes.count - 2000)
        }
    }

    @Test(arguments: [SoundFile.Container.wav, .au])
    func aSizeThatWasNeverWrittenIsRead(container: SoundFile.Container) throws {
        let bytes = SoundFile(samples: TestSignal.sweep(count: 1000), declaredBytes: -1).bytes(container)
        #expect(try decoder.decode(bytes).frameCount == 1000)
    }

    @Test func aCutFLACIsSaid() throws {
        let flac = try TestSignal.bytes("sweep.flac")
        for part in [2, 3, 5] {
            let cut = flac.count * part / 6
            let error = failure(Array(flac.prefix(cut)))
            if case .truncatedSamples(let found, let declared, let offset, _) = error {
                #expect(found < 3000 && declared == 3000 && offset == cut)
            } else if case .damaged(_, let offset, let seconds) = error {
                #expect(try #require(offset) <= cut && seconds < 3000 / 22_050.0)
            } else {
                Issue.record("\(part)/6: \(String(describing: error))")
            }
        }
    }

    @Test func aFLACThatClaims2To36SamplesIsRefusedWithoutTheirMemory() throws {
        var flac = try TestSignal.bytes("sweep.flac")
        // STREAMINFO begins at byte 8; its total is the low half of byte 21 and the next four
        flac[21] |= 0x0F
        for at in 22..<26 { flac[at] = 0xFF }
        #expect(
            failure(flac)
                == .truncatedSamples(
                    foundFrames: 3000, declaredFrames: 1 << 36 - 1, offset: flac.count, seconds: 3000 / 22_050))
        // 0 is "unknown", what an encoder writes to a pipe
        flac[21] &= 0xF0
        for at in 22..<26 { flac[at] = 0 }
        #expect(try decoder.decode(flac).frameCount == 3000)
    }

    @Test func aCutOggIsSaid() throws {
        for name in ["sweep.ogg", "sweep.opus"] {
            let ogg = try TestSignal.bytes(name)
            let cut = ogg.count - 50
            guard case .truncatedData(let found, let declared, let offset, _) = failure(Array(ogg.prefix(cut))) else {
                Issue.record("\(name): \(String(describing: failure(Array(ogg.prefix(cut)))))")
                continue
            }
            #expect(found == declared - 50 && offset + found == cut)
        }
    }

    @Test func samplesThatAreNoNumbersAreSaid() {
        for bad in [Float.nan, .infinity, -.infinity, 1e9] {
            var samples = TestSignal.sweep(count: 20_000)
            samples[17_001] = bad  // in the second block that is read
            for container in SoundFile.Container.allCases {
                let bytes = SoundFile(samples: samples, channels: 2, encoding: .f32).bytes(container)
                #expect(failure(bytes) == .unusableSample(index: 17_001))
            }
        }
    }

    @Test(arguments: SoundFile.Container.allCases)
    func noChannelsNoRateNoSamples(container: SoundFile.Container) {
        let samples = TestSignal.sweep(count: 1000)
        for file in [
            SoundFile(samples: samples, channels: 0), SoundFile(samples: samples, channels: 2000),
            SoundFile(samples: samples, rate: 0),
            SoundFile(samples: samples, rate: 2_000_000_000), SoundFile(samples: []),
        ] {
            #expect(failure(file.bytes(container)) != nil)
        }
    }

    @Test func everyPrefixIsASentenceOrASound() throws {
        for container in SoundFile.Container.allCases {
            let bytes = SoundFile(samples: TestSignal.sweep(count: 40), encoding: .f32).bytes(container)
            for count in 0..<bytes.count { _ = failure(Array(bytes.prefix(count))) }
        }
    }
}
