import SentioKit
import SentioNumerics
import SentioSongStages

/// Activations of a pretrained network over one song: a row per patch, placed at the middle of its patch.
struct EmbeddingSequence: Sendable {
    /// Seconds from the song's start, ascending.
    let centers: [Double]
    /// [patches, width].
    let values: [Float]
    let width: Int
    /// Upper bound of the song's duration: its last patch, plus a rest of less than one that no patch covers.
    let end: Double

    /// - parameter places: ranges of the values to use.
    /// - parameter patchSeconds: from one patch to the next, and the length of each.
    /// - throws: `StageFailure` for another shape or numbers that are not finite; `NpyError`.
    init(_ bytes: [UInt8], song: String, places: [Range<Int>], patchSeconds: Double, port: InputPort) throws {
        let array = try NpyFile.read(bytes), most = places.map(\.upperBound).max() ?? 0
        guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] >= most else {
            throw StageFailure(
                "The embedding of song \(song) on `\(port)` has the shape \(array.shape), not [patches, values] with "
                    + "at least \(most) values."
            )
        }
        let rows = array.shape[0], columns = array.shape[1], all = array.floats
        var taken: [Float] = []
        taken.reserveCapacity(rows * places.reduce(0) { $0 + $1.count })
        for row in 0..<rows {
            for range in places {
                taken += all[(row * columns + range.lowerBound)..<(row * columns + range.upperBound)]
            }
        }
        guard taken.allSatisfy(\.isFinite) else {
            throw StageFailure("The embedding of song \(song) on `\(port)` has numbers that are not finite.")
        }
        values = taken
        width = taken.count / rows
        centers = (0..<rows).map { (Double($0) + 0.5) * patchSeconds }
        end = Double(rows + 1) * patchSeconds
    }

    /// How many of some ascending times lie within the song; at least one.
    func count(of times: [Double]) -> Int { max(1, times.count { $0 <= end }) }

    /// Writes the values at some times, [times, width]: linearly interpolated between the middles of neighboring
    /// patches, constant before the first and after the last.
    func put(_ times: [Double], _ scaling: EmbeddingScaling, into buffer: UnsafeMutableBufferPointer<Float>) {
        for (step, time) in times.enumerated() {
            let (row, part) = TimeSeries.place(of: time, in: centers)
            let share = Float(part), next = share > 0 ? row + 1 : row
            for column in 0..<width {
                let value = (1 - share) * values[row * width + column] + share * values[next * width + column]
                buffer[step * width + column] = (value - scaling.means[column]) * scaling.factors[column]
            }
        }
    }

    /// The same as doubles.
    func values(at times: [Double], _ scaling: EmbeddingScaling) -> [Double] {
        var found = [Float](repeating: 0, count: times.count * width)
        found.withUnsafeMutableBufferPointer { put(times, scaling, into: $0) }
        return found.map { Double($0) }
    }
}
