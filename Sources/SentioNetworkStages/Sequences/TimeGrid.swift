import SentioBase
import SentioKit
import SentioNumerics
import SentioSongStages

/// The times at which a model predicts: from the first to the last time at which a training song is rated, in equal
/// steps.
struct TimeGrid: Sendable, Equatable {
    /// In seconds.
    let first: Double
    /// In seconds.
    let step: Double
    let count: Int

    /// A song of an hour at ten ratings a second.
    private static let mostSteps = 36_000

    /// - throws: `StageFailure` if the step cannot be determined, or the times do not lie on such a grid.
    init(_ series: [TimeSeries]) throws {
        let first = series.compactMap(\.times.first).min() ?? 0, last = series.compactMap(\.times.last).max() ?? 0
        let gaps = series.flatMap { zip($0.times, $0.times.dropFirst()).map { $1 - $0 } }
        guard let step = gaps.min(), step > 0 else {
            throw StageFailure(
                "No training song is rated at two times, so the step between ratings over time is unknown.")
        }
        let count = ((last - first) / step).rounded() + 1
        guard count <= Double(Self.mostSteps) else {
            throw StageFailure(
                "Ratings every \(NumberText.short(step)) s from \(NumberText.short(first)) s to "
                    + "\(NumberText.short(last)) s are more than \(Self.mostSteps) steps."
            )
        }
        (self.first, self.step, self.count) = (first, step, Int(count))
        let times = series.flatMap(\.times)
        if let odd = times.first(where: { (time: Double) in
            let place = (time - first) / step
            return (place - place.rounded()).magnitude > 0.01
        }) {
            throw StageFailure(
                "Ratings over time must lie on one grid: the smallest step is \(NumberText.short(step)) s starting at "
                    + "\(NumberText.short(first)) s, but there is a rating at \(NumberText.short(odd)) s."
            )
        }
    }

    /// The inverse of `value`.
    /// - throws: `ModelFault` naming what is missing or out of range.
    init(_ config: ModelConfig) throws {
        first = try config.number("first_seconds", in: -1e6...1e6)
        step = try config.number("step_seconds", in: 1e-6...1e6)
        count = try config.int("steps", in: 1...Self.mostSteps)
    }

    /// For `config.json`.
    var value: [String: Value] {
        ["first_seconds": .double(first), "step_seconds": .double(step), "steps": .int(count)]
    }

    var times: [Double] { (0..<count).map { first + Double($0) * step } }

    /// A song's ratings on the grid, [count, dimensions]; NaN for missing ratings.
    func spread(_ series: TimeSeries, _ ratings: [Float]) -> [Float] {
        let width = series.values.columns
        var targets = [Float](repeating: .nan, count: count * width)
        for (row, time) in series.times.enumerated() {
            let place = Int(((time - first) / step).rounded())
            // Validation songs may be rated at times when no training song is.
            guard (0..<count).contains(place) else { continue }
            for column in 0..<width { targets[place * width + column] = ratings[row * width + column] }
        }
        return targets
    }
}
