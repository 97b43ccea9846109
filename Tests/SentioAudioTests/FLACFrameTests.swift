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
            failure(total(3001)) == .truncatedSamples(foundFrames: 3000, declaredFrames: 3001, offset: flac.count, seconds: 3000 / rate))
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
                bytes[(part * frames[frame] + (2 - part) * (frame < 5 ? frames[frame + 1] : flac.count)) / 2 + (part == 2 ? 1 : -3)] ^= 16
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

    @Test func flacInOggIsTheSameSound() throws {
        #expect(try asItIs.decodeSound(TestSignal.bytes("paged.oga")).warnings.isEmpty)
        #expect(try asItIs.decode(TestSignal.bytes("paged.oga")) == asItIs.decode(TestSignal.bytes("sweep.flac")))
    }
}
