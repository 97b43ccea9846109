import SentioBase
import SentioKit

/// The range of values that a generator's -1...1 represents. Values outside are clipped; inside the mapping is linear
/// and invertible.
struct DecibelRange: Sendable, Equatable {
    let low: Double
    let high: Double

    /// - precondition: low < high.
    init(low: Double, high: Double) {
        precondition(low < high)
        (self.low, self.high) = (low, high)
    }

    private static let bins = 65_536

    /// From the quantile `tail` to the quantile 1 - `tail` of all values of some spectrograms, found by counting.
    init(_ spectrograms: [SongSpectrogram], tail: Double) {
        var buffer: [Float] = []
        func each(_ body: (Float) -> Void) {
            for song in spectrograms {
                buffer = [Float](repeating: 0, count: song.mels * song.frames)
                buffer.withUnsafeMutableBufferPointer {
                    song.put(
                        0..<song.frames, into: $0, width: song.frames, column: 0, scale: 1, shift: 0, adding: false)
                }
                for value in buffer { body(value) }
            }
        }
        var (low, high, count) = (Double.infinity, -Double.infinity, 0)
        each { (low, high, count) = (min(low, Double($0)), max(high, Double($0)), count + 1) }
        guard low < high else {
            self.init(low: low - 1, high: low + 1)
            return
        }
        guard tail > 0 else {
            self.init(low: low, high: high)
            return
        }
        var counts = [Int](repeating: 0, count: Self.bins)
        let scale = Double(Self.bins) / (high - low)
        each { counts[min(Self.bins - 1, Int((Double($0) - low) * scale))] += 1 }
        let most = Int(tail * Double(count))
        func edge(_ order: some Sequence<Int>) -> Int {
            var seen = 0
            for bin in order {
                seen += counts[bin]
                if seen > most { return bin }
            }
            return 0
        }
        let (first, last) = (edge(0..<Self.bins), edge((0..<Self.bins).reversed()))
        // Bin edges, at least one bin apart.
        self.init(low: low + Double(first) / scale, high: low + Double(max(first, last) + 1) / scale)
    }

    var scale: Double { 2 / (high - low) }
    var shift: Double { -(high + low) / (high - low) }

    /// A generator output, in the units of the spectrograms.
    func restored(_ value: Float) -> Float { Float(low + (Double(value) + 1) / scale) }

    /// For the log.
    var text: String { "values from \(NumberText.three(low)) to \(NumberText.three(high))" }

    /// For `config.json`.
    var value: Value { ["low": .double(low), "high": .double(high)] }

    /// Nil for anything else.
    init?(_ value: Value?) {
        guard let low = value?["low"]?.double, let high = value?["high"]?.double, low < high, (high - low).isFinite
        else { return nil }
        self.init(low: low, high: high)
    }
}
