import SentioBase
import SentioKit
import SentioPredict

/// The ratings of files as CSV, as JSON, and what is said about them on standard error.
struct PredictReport {
    private let ratings: SongRatings
    private let bundle: ModelBundle
    private let stdin: String?

    /// - Parameter stdin: the path at which standard input was put, if it was read.
    init(_ ratings: SongRatings, bundle: ModelBundle, stdin: String?) {
        self.ratings = ratings
        self.bundle = bundle
        self.stdin = stdin
    }

    private func name(_ song: SongRating) -> String { song.file.path == stdin ? "-" : song.file.path }

    /// The ratings of a song, none outside the scale of its dimension, beyond which no listener could rate.
    private func clipped(_ values: [Double]) -> [Double] {
        let scales = bundle.facts.scales
        guard scales.count == values.count else { return values }
        return zip(values, scales).map { min(max($0, $1.lowerBound), $1.upperBound) }
    }

    /// Intervals, one per dimension, whose ends are on the scale too.
    private func clipped(_ intervals: [ClosedRange<Double>]?) -> [ClosedRange<Double>]? {
        guard let intervals else { return nil }
        let low = clipped(intervals.map(\.lowerBound)), high = clipped(intervals.map(\.upperBound))
        return zip(low, high).map { $0...$1 }
    }

    /// Warnings of a song, with that of clipped ratings.
    private func warnings(_ song: SongRating) -> [String] {
        let values = song.ratings ?? []
        let changed = zip(zip(ratings.dimensions, values), zip(clipped(values), bundle.facts.scales)).filter {
            $0.1 != $1.0
        }
        return song.warnings
            + changed.map { rating, kept in
                "\(rating.0) \(NumberText.three(rating.1)) clipped to the scale from "
                    + "\(NumberText.short(kept.1.lowerBound)) to \(NumberText.short(kept.1.upperBound))"
            }
    }

    var csv: [String] {
        let ends = ratings.level == nil ? [] : ratings.dimensions.flatMap { ["\($0)_low", "\($0)_high"] }
        let header = ["file"] + ratings.dimensions + ends + ["seconds", "warnings"]
        let rows = ratings.songs.filter { $0.ratings != nil }.map { song -> [String] in
            let limits = clipped(song.intervals)?.flatMap { ["\($0.lowerBound)", "\($0.upperBound)"] }
            return [name(song)] + clipped(song.ratings ?? []).map { "\($0)" } + (limits ?? ends.map { _ in "" })
                + [song.seconds.map { NumberText.fixed($0, 2) } ?? "", warnings(song).joined(separator: "; ")]
        }
        return Table(columns: header, rows: rows).csv.split(separator: "\n", omittingEmptySubsequences: true).map(
            String.init)
    }

    func json(problems: [(path: String, sentence: String)]) -> Value {
        func number(_ value: Double?) -> Value { value.map { .double($0) } ?? .null }
        let songs = ratings.songs.map { song -> Value in
            var entry: [String: Value] = [
                "file": .string(name(song)), "seconds": number(song.seconds),
                "warnings": .list(warnings(song).map { .string($0) }),
                "error": song.failure.map { .string($0) } ?? .null,
            ]
            entry["extrapolated"] = .bool(song.isExtrapolated)
            entry["intervals"] =
                clipped(song.intervals).map { ends in
                    .map(
                        Dictionary(
                            zip(ratings.dimensions, ends.map { [.double($0.lowerBound), .double($0.upperBound)] }),
                            uniquingKeysWith: { first, _ in first }))
                } ?? .null
            entry["ratings"] =
                song.ratings.map { values in
                    .map(
                        Dictionary(
                            zip(ratings.dimensions, clipped(values).map { .double($0) }),
                            uniquingKeysWith: { first, _ in first }))
                } ?? .null
            return .map(entry)
        }
        let absent = problems.map { problem -> Value in
            [
                "file": .string(problem.path), "seconds": .null, "warnings": [], "error": .string(problem.sentence),
                "ratings": .null, "intervals": .null, "extrapolated": false,
            ]
        }
        let interval: Value =
            ratings.level.map { level in
                [
                    "level": .double(level), "source": .string(bundle.facts.calibration?.source ?? ""),
                    "songs": .int(bundle.facts.calibration?.songs ?? 0),
                ]
            } ?? .null
        return [
            "schema": 1, "model": .string(bundle.digest.hex),
            "dimensions": .list(ratings.dimensions.map { .string($0) }),
            "scales": .list(bundle.facts.scales.map { [.double($0.lowerBound), .double($0.upperBound)] }),
            "interval": interval, "songs": .list(songs + absent),
            "warnings": .list(ratings.warnings.map { .string($0) }),
        ]
    }

    /// Lines for standard error: files that are not rated, and warnings.
    var messages: [String] {
        let failed = ratings.songs.compactMap { song in song.failure.map { "error: \(name(song)): \($0)" } }
        let warned = ratings.songs.filter { $0.failure == nil }.flatMap { song in
            warnings(song).map { "warning: \(name(song)): \($0)" }
        }
        return warned + ratings.warnings.map { "warning: \($0)" } + failed
    }
}
