import SentioAudio
import Testing

/// Chained, damaged, cut and multiplexed Ogg files. The fixtures have one packet a page.
struct OggStreamTests {
    private let asItIs = AudioDecoder(.init(sampleRate: nil))
    static let names = ["paged.ogg", "paged.opus", "paged.oga"]

    private func failure(_ bytes: [UInt8]) -> AudioError? {
        do {
            _ = try asItIs.decodeSound(bytes)
            return nil
        } catch {
            return error as? AudioError
        }
    }

    private func ogg(_ name: String) throws -> OggPages { OggPages(try TestSignal.bytes(name)) }

    private func expectDamage(
        _ bytes: [UInt8], _ part: String, atMost: Double = 0.14, location: SourceLocation = #_sourceLocation
    ) {
        guard case .damaged(let reason, _, let seconds) = failure(bytes) else {
            Issue.record("\(String(describing: failure(bytes)))", sourceLocation: location)
            return
        }
        #expect(reason.contains(part), sourceLocation: location)
        #expect(seconds > 0 && seconds <= atMost, sourceLocation: location)
    }

    @Test(arguments: names) func linksOfAChainAreHeardOneAfterAnother(name: String) throws {
        let one = try asItIs.decode(try ogg(name).bytes)
        var other = try ogg(name)
        for page in other.pages.indices { other.set(page, serial: 77) }
        #expect(try asItIs.decode(other.bytes) == one)
        for file in [try ogg(name).bytes + other.bytes, try ogg(name).bytes + ogg(name).bytes] {
            let sound = try asItIs.decodeSound(file)
            #expect(sound.warnings.isEmpty && sound.clip.samples == one.samples + one.samples)
        }
        #expect(try asItIs.decode(other.bytes + other.bytes + other.bytes).samples.count == 3 * one.samples.count)
    }

    @Test func aLinkOfAnotherRateIsSaidWithTheSecond() throws {
        let bytes = try ogg("paged.ogg").bytes + ogg("paged.opus").bytes
        #expect(
            failure(bytes)
                == .formatChanges(
                    from: .init(sampleRate: 22_050, channels: 1), to: .init(sampleRate: 48_000, channels: 1),
                    seconds: 3000 / 22_050))
    }

    @Test(arguments: names) func aMissingPageIsSaid(name: String) throws {
        var pages = try ogg(name)
        pages.pages.remove(at: 5)
        expectDamage(pages.bytes, "follows where page")
        var swapped = try ogg(name)
        swapped.pages.swapAt(4, 5)
        expectDamage(swapped.bytes, "follows where page")
    }

    /// Renumbering the pages does not hide a gap: the positions jump, or the frame numbers do.
    @Test(arguments: names) func aMissingPageIsSaidAlsoWhereTheOthersWereRenumbered(name: String) throws {
        var pages = try ogg(name)
        pages.pages.remove(at: 5)
        for page in 5..<pages.pages.count { pages.set(page, sequence: page) }
        expectDamage(pages.bytes, name == "paged.oga" ? "missing or damaged" : "position jumps")
    }

    @Test(arguments: names) func aDamagedPageIsSaid(name: String) throws {
        var pages = try ogg(name)
        pages.pages[5][pages.pages[5].count - 2] ^= 1
        expectDamage(pages.bytes, "checksum")
        var junk = try ogg(name)
        junk.pages.insert([UInt8](repeating: 0x55, count: 300), at: 5)
        expectDamage(junk.bytes, "do not belong to a page")
        expectDamage(try ogg(name).bytes + ogg(name).pages[5], "follow")
    }

    @Test(arguments: names) func aMissingEndMarkIsAWarning(name: String) throws {
        let whole = try asItIs.decode(try ogg(name).bytes)
        var pages = try ogg(name)
        pages.set(pages.pages.count - 1, flags: 0)
        let sound = try asItIs.decodeSound(pages.bytes)
        #expect(sound.clip.frameCount == whole.frameCount)
        guard case .noEndMark(let seconds) = sound.warnings.first else {
            Issue.record("\(sound.warnings)")
            return
        }
        #expect(abs(seconds - whole.seconds) < 0.001 && sound.warnings.count == 1)
        // cut between two pages: the same warning, with the second of the cut
        var cut = try ogg(name)
        cut.pages.removeLast(3)
        let part = try asItIs.decodeSound(cut.bytes)
        guard case .noEndMark(let place) = part.warnings.first else {
            Issue.record("\(part.warnings)")
            return
        }
        #expect(abs(place - part.clip.seconds) < 0.001 && part.clip.frameCount < whole.frameCount)
    }

    @Test func soundBesideVideoIsRead() throws {
        #expect(try asItIs.decode(TestSignal.bytes("video.ogv")) == asItIs.decode(TestSignal.bytes("paged.ogg")))
        let one = try ogg("paged.ogg").pages
        var other = try ogg("paged.opus")
        for page in other.pages.indices { other.set(page, serial: 77) }
        let both = [one[0], other.pages[0]] + one.dropFirst() + other.pages.dropFirst()
        #expect(failure(Array(both.joined())) == .parallelStreams(count: 2))
    }

    /// Copies out of containers that count milliseconds: positions may be off by a few samples.
    @Test func roundedPositionsAreNoDamage() throws {
        var pages = try ogg("paged.ogg")
        for page in 4..<pages.pages.count - 1 {
            pages.set(page, granule: pages.granule(page) + [10, -12, 8][page % 3])
        }
        #expect(try asItIs.decodeSound(pages.bytes).warnings.isEmpty)
    }

    @Test func bytesBehindTheLastPageAreSaid() throws {
        let bytes = try ogg("paged.ogg").bytes
        let sound = try asItIs.decodeSound(bytes + [UInt8](repeating: 0x55, count: 99))
        #expect(sound.warnings == [.skippedBytes(count: 99, offset: bytes.count, seconds: 3000 / 22_050)])
        #expect(try sound.clip == asItIs.decode(bytes))
    }

    /// Pages with other contents and a right checksum: any error is fine, a crash is not.
    @Test(arguments: names + ["sweep.ogg", "video.ogv"]) func mutatedPagesNeverCrash(name: String) throws {
        let original = try ogg(name)
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<200 {
            var pages = original
            for _ in 0...next(3) {
                let page = next(pages.pages.count)
                for _ in 0...next(4) { pages.pages[page][6 + next(pages.pages[page].count - 6)] = UInt8(next(256)) }
                pages.set(page)
            }
            _ = try? AudioDecoder(.init(maximumSeconds: 60)).decodeSound(pages.bytes)
        }
    }
}
