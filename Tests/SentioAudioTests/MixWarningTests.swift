import Foundation
import SentioAudio
import Testing

/// Channels that cancel each other in their mean.
struct MixWarningTests {
    private let left = TestSignal.sweep(count: 20_000)

    private func warnings(_ channels: [[Float]], _ options: AudioDecoder.Options = .init()) throws -> [AudioWarning] {
        let samples = channels[0].indices.flatMap { frame in channels.map { $0[frame] } }
        return try AudioDecoder(options).decodeSound(
            SoundFile(samples: samples, channels: channels.count, encoding: .f32).bytes(.wav)
        )
        .warnings
    }

    @Test func oppositePhaseIsSaidWithItsDecibels() throws {
        #expect(try warnings([left, left.map { -$0 }]) == [.channelsCancel(decibels: nil)])
        // one channel 10 % weaker: the mean is a twentieth of the stronger
        guard case .channelsCancel(let decibels?) = try warnings([left, left.map { -0.9 * $0 }]).first else {
            Issue.record("not noticed")
            return
        }
        #expect(abs(decibels - 10 * log10((1 + 0.81) / 2 / 0.0025)) < 0.01)
        #expect("\(AudioWarning.channelsCancel(decibels: decibels))".contains("26 dB weaker"))
    }

    @Test func ordinaryStereoIsNot() throws {
        let other = TestSignal.sweep(count: 20_000, rate: 17_000)
        let silence = [Float](repeating: 0, count: 20_000)
        for channels in [
            [left, left], [left, other], [left, silence], [silence, silence], [left, left.map { -0.3 * $0 }],
        ] {
            #expect(try warnings(channels).isEmpty)
        }
        // sound in one channel of six: 7.8 dB that are nobody's fault
        #expect(try warnings([left] + [[Float]](repeating: silence, count: 5)).isEmpty)
        #expect(try warnings([left]).isEmpty)
    }

    @Test func onlyThePartThatIsKeptCounts() throws {
        let right = left.enumerated().map { $0.offset < 10_000 ? -$0.element : $0.element }
        #expect(try warnings([left, right], .init(duration: 0.4)).count == 1)
        #expect(try warnings([left, right], .init(offset: 0.5)).isEmpty)
    }
}
