import SentioAudio
import Testing

/// FLAC whose total is wrong, whose frames are damaged or missing, and FLAC in Ogg pages.
struct FLACFrameTests {
    private let asItIs = AudioDecoder(.init(sampleRate: nil))
    private let flac: [UInt8]
    /// Offsets of the frames: 576 samples each, the last one fewer.
    private let frames: [Int]
    private let rate = 22_050.0

    init() throws {
        flac = try TestSignal.bytes("paged.flac")
        let bytes = flac
        // a frame of this file begins with FF F8, a block size of 576 samples or of 8 or 16 bits, and its own number
        frames = (0..<bytes.count - 4).filter {
            bytes[$0] == 0xFF && bytes[$0 + 1] == 0xF8 && [0x2, 0x6, 0x7].contains(bytes[$0 + 2] >> 4)
        }
        .reduce(into: []) { found, at in if Int(bytes[at + 4]) == found.count { found.append(at) } }
        #expect(frames.count == 6)
    }

    private func failure(_ bytes: [UInt8]) -> AudioError? {
        do {
            _ = try asItIs.decodeSound(bytes)
            return nil
        } catch {
            return error as? AudioError
        }
    }

    private func total(_ count: Int, in file: [UInt8]? = nil) -> [UInt8] {
        var file = file ?? flac
        file[21] = file[21] & 0xF0 | UInt8(count >> 32)
        for i in 1...4 { file[21 + i] = UInt8(truncatingIfNeeded: count >> (32 - 8 * i)) }
        return file
    }

    @Test func aTotalThatIsTooSmallHidesNothing() throws {
        let whole = try asItIs.decode(flac)
        #expect(whole.frameCount == 3000)
        for count in [0, 1, 576, 1500, 2999] { #expect(try asItIs.decodeSound(total(count)).clip == whole) }
        #expect(try asItIs.decodeSound(total(1500)).warnings.isEmpty)
        #expect(
            failure(total(3001))
                == .truncatedSamples(foundFrames: 3000, declaredFrames: 3001, offset: flac.count, seconds: 3000 / rate))
    }

    @Test func aMissingFrameIsSaidWithItsSecond() {
        // whatever the total says: a gap that the total knows nothing of is one all the same
        for gone in 1..<5 {
            var bytes = total(0)
            bytes.removeSubrange(frames[gone]..<frames[gone + 1])
            guard case .damaged(_, let offset, let seconds) = failure(bytes) else {
                Issue.record("frame \(gone): \(String(describing: failure(bytes)))")
                continue
            }
            #expect(offset == frames[gone] && seconds == Double(576 * gone) / rate)
        }
    }

    @Test func aFlippedBitIsSaidWithItsSecond() throws {
        for frame in 0..<6 {
            for part in [1, 2] {
                var bytes = flac
                bytes[
                    (part * frames[frame] + (2 - part) * (frame < 5 ? frames[frame + 1] : flac.count)) / 2
                        + (part == 2 ? 1 : -3)] ^= 16
                if frame == 5, case .truncatedSamples(5 * 576, 3000, _, _) = failure(bytes) { continue }
                guard case .damaged(_, let offset, let seconds) = failure(bytes) else {
                    Issue.record("frame \(frame): \(String(describing: failure(bytes)))")
                    continue
                }
                #expect(try #require(offset) <= flac.count && seconds <= Double(576 * (frame + 1)) / rate)
                if frame < 5 { #expect(seconds >= Double(576 * max(0, frame - 1)) / rate) }
            }
        }
    }

    @Test func whatFollowsTheLastFrame() throws {
        let whole = try asItIs.decode(flac)
        for tail in [[UInt8](repeating: 0, count: 900), [UInt8](repeating: 0x55, count: 900)] {
            #expect(try asItIs.decode(flac + tail) == whole && asItIs.decode(total(0) + tail) == whole)
        }
        // another sound is not left out in silence
        guard case .damaged(_, let offset, let seconds) = failure(flac + flac) else {
            Issue.record("the second sound was not noticed")
            return
        }
        #expect(try #require(offset) > flac.count && seconds == 3000 / rate)
    }

    @Test func aCutInTheLastFrameIsSaidWithoutATotal() {
        switch failure(total(0, in: Array(flac.dropLast(30)))) {
        case .truncatedSamples(let found, let declared, _, let seconds):
            #expect(found == 5 * 576 && declared == 3000 && seconds == 2880 / rate)
        case .damaged(_, let offset, let seconds): #expect(offset == frames[5] && seconds == 2880 / rate)
        case let other: Issue.record("\(String(describing: other))")
        }
    }

    /// One changed byte of STREAMINFO gave the sound another length without a word.
    @Test func aHeaderThatIsNotOfTheseFramesIsSaid() {
        func changed(_ change: (inout [UInt8]) -> Void) -> AudioError? {
            var bytes = flac
            change(&bytes)
            return failure(bytes)
        }
        // 20 bits of rate from byte 18 on, 3 of channels, 5 of bits a sample
        let rate = changed { bytes in
            bytes[18] = 0x0A
            bytes[19] = 0xC4
            bytes[20] = 0x40 | bytes[20] & 15
        }
        #expect(rate == .damagedHeader(reason: "STREAMINFO says 44100 Hz, but the first frame says 22050 Hz"))
        let channels = changed { bytes in bytes[20] |= 2 }
        #expect(channels == .damagedHeader(reason: "STREAMINFO says 2 channels, but the first frame says 1 channel"))
        let bits = changed { bytes in
            bytes[20] |= 1
            bytes[21] = bytes[21] & 15 | 0x70
        }
        #expect(
            bits == .damagedHeader(reason: "STREAMINFO says 24-bit samples, but the first frame says 16-bit samples"))
    }

    /// The frames with another code for their rate, and the number that belongs to it.
    private func recoded(rateCode code: UInt8, _ rate: [UInt8]) -> [UInt8] {
        func checksum<Word: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>, _ polynomial: Word) -> Word {
            let top = Word(1) << (Word.bitWidth - 1)
            var crc: Word = 0
            for byte in bytes {
                crc ^= Word(byte) << (Word.bitWidth - 8)
                for _ in 0..<8 { crc = crc & top != 0 ? crc << 1 ^ polynomial : crc << 1 }
            }
            return crc
        }
        var out = Array(flac[..<frames[0]])
        for (start, end) in zip(frames, frames.dropFirst() + [flac.count]) {
            // 4 bytes, the number in one, the block size in none to two, the rate, a checksum of these; two of all at
            // the end
            let sizes = [0x6: 1, 0x7: 2], place = start + 5 + (sizes[Int(flac[start + 2] >> 4)] ?? 0)
            var frame = Array(flac[start..<place]) + rate
            frame[2] = frame[2] & 0xF0 | code
            frame.append(checksum(frame[...], 0x07 as UInt8))
            frame += flac[(place + 1)..<(end - 2)]
            let whole = checksum(frame[...], 0x8005 as UInt16)
            out += frame + [UInt8(whole >> 8), UInt8(whole & 0xFF)]
        }
        return out
    }

    @Test func framesMayWriteTheirRateInOtherWays() throws {
        let whole = try asItIs.decode(flac)
        for (code, rate) in [(6, []), (0, []), (13, [0x56, 0x22]), (14, [0x08, 0x9D])] as [(UInt8, [UInt8])] {
            #expect(try asItIs.decode(recoded(rateCode: code, rate)) == whole, "code \(code)")
        }
        #expect(
            failure(recoded(rateCode: 12, [22]))
                == .damagedHeader(reason: "STREAMINFO says 22050 Hz, but the first frame says 22000 Hz"))
        #expect(
            failure(recoded(rateCode: 9, []))
                == .damagedHeader(reason: "STREAMINFO says 22050 Hz, but the first frame says 44100 Hz"))
    }

    /// Frames that go on counting, but are of another rate.
    @Test func aChangeOfTheRateIsNotLeftOut() {
        let other = recoded(rateCode: 9, [])
        let mixed = total(0, in: Array(flac[..<frames[3]]) + other[frames[3]...])
        guard case .damaged(_, let offset, let seconds) = failure(mixed) else {
            Issue.record("\(String(describing: failure(mixed)))")
            return
        }
        #expect(offset == frames[3] && seconds == Double(3 * 576) / rate)
    }

    @Test func flacInOggIsTheSameSound() throws {
        #expect(try asItIs.decodeSound(TestSignal.bytes("paged.oga")).warnings.isEmpty)
        #expect(try asItIs.decode(TestSignal.bytes("paged.oga")) == asItIs.decode(TestSignal.bytes("sweep.flac")))
    }
}
