import SentioKit
import SentioNumerics

/// One song's memory-mapped spectrogram, [mels, frames], float32, with the moments of its values.
struct SongSpectrogram: Sendable {
    let song: String
    let mels: Int
    let frames: Int
    /// Over all values; the deviation is that of the population.
    let moments: Moments
    private let bytes: MappedBytes
    private let offset: Int

    /// Sums of values, from which mean and deviation of any set of songs follow.
    struct Moments: Sendable, Equatable {
        var count = 0.0
        var sum = 0.0
        var squares = 0.0

        var mean: Double { count > 0 ? sum / count : 0 }
        /// 1 if the values do not vary, so that it is a safe divisor.
        var deviation: Double {
            let variance = count > 0 ? squares / count - mean * mean : 0
            return variance > 1e-12 * max(1, mean * mean) ? variance.squareRoot() : 1
        }

        static func + (left: Moments, right: Moments) -> Moments {
            Moments(count: left.count + right.count, sum: left.sum + right.sum, squares: left.squares + right.squares)
        }
    }

    /// Reads the header and looks at every value once.
    /// - throws: `StageFailure` naming the song, for bytes that are not such an array and for values that are not
    ///   finite.
    init(song: String, bytes mapped: MappedBytes, port: String) throws {
        func bad(_ problem: String) -> StageFailure {
            StageFailure("The spectrogram of song \(song) on `\(port)` \(problem)")
        }
        let layout: NpyLayout
        do { layout = try mapped.withBytes { try NpyFile.layout($0) } } catch let error as NpyError {
            throw bad("cannot be read. \(error)")
        }
        guard layout.shape.count == 2, layout.shape[0] > 0, layout.shape[1] > 0 else {
            throw bad("has the shape \(layout.shape); [mels, frames] is needed, both at least 1.")
        }
        guard layout.element == .float32 else {
            throw bad(
                "holds values of type '\(layout.element.rawValue)'; float32 is needed. Convert it with "
                    + "astype('float32')."
            )
        }
        self.song = song
        (mels, frames) = (layout.shape[0], layout.shape[1])
        // Floats are read in place only where they lie on their boundary, as NumPy and Sentio write them.
        if layout.offset % 4 == 0 {
            (bytes, offset) = (mapped, layout.offset)
        } else {
            (bytes, offset) = (MappedBytes(mapped.withBytes { Array($0[layout.offset...]) }), 0)
        }
        moments = Self.values(bytes, offset) { values in
            var moments = Moments(count: Double(values.count))
            for value in values {
                moments.sum += Double(value)
                moments.squares += Double(value) * Double(value)
            }
            return moments
        }
        guard moments.sum.isFinite, moments.squares.isFinite else {
            let (index, value) = Self.values(bytes, offset) { values in
                values.firstIndex { !$0.isFinite }.map { ($0, values[$0]) } ?? (0, values[0])
            }
            throw bad(
                "has the value \(value) in band \(index / frames), frame \(index % frames); values must be finite. Fix "
                    + "the stage that made it, or leave the song out."
            )
        }
    }

    private static func values<Result>(
        _ bytes: MappedBytes, _ offset: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        bytes.withBytes { raw in
            let start = raw.baseAddress.map { ($0 + offset).assumingMemoryBound(to: Float.self) }
            return body(UnsafeBufferPointer(start: start, count: (raw.count - offset) / MemoryLayout<Float>.stride))
        }
    }

    /// Puts `scale * value + shift` of some frames into the same bands of an array [mels, width].
    ///
    /// - parameter column: target column of the first frame; columns wrap around.
    /// - parameter adding: added to what is there.
    /// - precondition: the frames are the song's, no more than `width`.
    func put(
        _ range: Range<Int>, into target: UnsafeMutableBufferPointer<Float>, width: Int, column: Int, scale: Float,
        shift: Float,
        adding: Bool
    ) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= frames && range.count <= width && target.count == mels * width)
        let first = min(range.count, width - column)
        Self.values(bytes, offset) { values in
            guard let source = values.baseAddress, let target = target.baseAddress else { return }
            func copy(_ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ count: Int) {
                if adding {
                    for index in 0..<count { to[index] += scale * from[index] + shift }
                } else {
                    for index in 0..<count { to[index] = scale * from[index] + shift }
                }
            }
            for band in 0..<mels {
                let row = source + band * frames + range.lowerBound
                copy(row, target + band * width + column, first)
                copy(row + first, target + band * width, range.count - first)
            }
        }
    }
}
