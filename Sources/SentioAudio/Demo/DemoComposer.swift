import CAudioKernels
import Foundation

/// Renders a mood as audio: four chords in a loop, a bass, a melody and a drum-like pulse.
struct DemoComposer {
    let mood: DemoMood
    /// Timbre: falloff of the partials, from the artist's own color and the mood.
    private let falloff: Float
    private let beat: Double
    private let tonic: Int
    private let level: Float
    private let noteShare: Double
    private let attack: Double
    private let decayPerSecond: Double
    private let isMajor: Bool
    private let tension: Double

    private static let rate = Double(DemoSongs.sampleRate)

    init(mood: DemoMood, artist: Int, seed: UInt64) {
        self.mood = mood
        var own = CounterRandom(seed: seed, stream: 1 << 40 + UInt64(artist))
        let (v, a) = (mood.valence, mood.arousal)
        let color = own.uniform(-0.05...0.05)
        falloff = Float(0.5 + 0.18 * a + 0.1 * v + color)
        beat = 60 / (105 + 45 * a + 8 * v + own.uniform(-6...6))
        tonic = 57 + Int((6 * v + 3 * a).rounded()) + own.below(3)
        level = Float(pow(10, (-17 + 8 * a) / 20))
        noteShare = 0.7 - 0.25 * a + 0.05 * own.uniform()  // staccato when aroused
        attack = 0.045 - 0.04 * a
        decayPerSecond = pow(0.5, 2 + 2.5 * a)
        isMajor = v >= 0
        tension = max(0, -v)
    }

    private var scale: [Int] { isMajor ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10] }

    /// I-V-vi-IV in major, i-VI-iv-v in minor, as scale degrees.
    private var chords: [Int] { isMajor ? [0, 4, 5, 3] : [0, 5, 3, 4] }

    private func pitch(_ degree: Int) -> Double {
        let octave = Int((Double(degree) / 7).rounded(.down))
        return Double(tonic + scale[degree - 7 * octave] + 12 * octave)
    }

    func compose(_ random: inout CounterRandom) -> [Float] {
        var sound = [Float](repeating: 0, count: Int(DemoSongs.seconds * Self.rate))
        let beats = Int(DemoSongs.seconds / beat)
        var step = 7
        for index in 0..<beats {
            let start = Double(index) * beat
            let chord = chords[index / 4 % 4]
            if index % 4 == 0 {
                for third in [0, 2, 4] { add(&sound, start, 4 * beat * noteShare, pitch(chord + third), 0.5) }
                // A minor second against the root: dissonance grows as valence falls.
                if tension > 0.15 { add(&sound, start, 4 * beat * noteShare, pitch(chord) + 1, Float(0.55 * tension)) }
            }
            if index % 2 == 0 { add(&sound, start, beat * noteShare * 2, pitch(chord) - 12, 0.8) }
            step = min(13, max(5, step + random.below(5) - 2))
            let snapped = index % 2 == 0 ? chord + 7 + 2 * (step % 3) : step + (mood.valence > 0 ? 2 : 0)
            add(&sound, start, beat * noteShare, pitch(snapped), 0.7)
            if mood.arousal > 0.2 { add(&sound, start + beat / 2, beat * noteShare / 2, pitch(step + 2), 0.5) }
            if mood.arousal > -0.3 { addPulse(&sound, start, Float(0.25 + 0.3 * mood.arousal), &random) }
        }
        return sound
    }

    private func add(_ sound: inout [Float], _ start: Double, _ length: Double, _ pitch: Double, _ weight: Float) {
        let first = Int(start * Self.rate)
        let count = min(Int(length * Self.rate), sound.count - first)
        guard count > 64 else { return }
        let hz = 440 * exp2((pitch - 69) / 12)
        sound.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            audio_add_note(
                base + first, Int64(count), 2 * Double.pi * hz / Self.rate, 8, falloff, level * weight,
                Int64(max(attack, 0.004) * Self.rate), pow(decayPerSecond, 1 / Self.rate), 64)
        }
    }

    /// A short burst of noise on the beat.
    private func addPulse(_ sound: inout [Float], _ start: Double, _ weight: Float, _ random: inout CounterRandom) {
        let first = Int(start * Self.rate)
        let count = min(600, sound.count - first)
        guard count > 0 else { return }
        let noiseSeed = UInt32(random.uniform() * 4_294_967_295)
        sound.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            audio_add_noise(base + first, Int64(count), noiseSeed, level * weight, 0.992)
        }
    }
}
