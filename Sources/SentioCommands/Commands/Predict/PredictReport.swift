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

    /// Whether a rating lies outside the scale, beyond which no listener could rate.
    private func isOutside(_ value: Double) -> Bool { bundle.facts.scale.map { !$0.contains(value) } ?? false }

    private func clipped(_ value: Double) -> Double {
        guard let scale = bundle.facts.scale else { return value }
        return min(max(value, scale.lowerBound), scale.upperBound)
    }

    /// Warnings of a song, with that of clipped ratings.
    private func warnings(_ song: SongRating) -> [String] {
        let outside = zip(ratings.dimensions, song.ratings ?? []).filter { isOutside($1) }
        guard !outside.isEmpty, let scale = bundle.facts.scale else { return song.warnings }
        let values = outside.map { "\($0) \(NumberText.three($1))" }.joined(separator: ", ")
        return song.warnings + [
            "clipped to the scale from \(NumberText.short(scale.lowerBound)) to \(NumberText.short(scale.upperBound)): "
                + values
        ]
    }

    var csv: [String] {
        let ends = ratings.level == nil ? [] : ratings.dimensions.flatMap { ["\($0)_low", "\($0)_high"] }
        let header = ["file"] + ratings.dimensions + ends + ["seconds", "warnings"]
        let rows = ratings.songs.filter { $0.ratings != nil }.map { song -> [String] in
            [name(song)] + (song.ratings ?? []).map { "\(clipped($0))" }
                + (song.intervals?.flatMap { ["\(clipped($0.lowerBound))", "\(clipped($0.upperBound))"] }
                    ?? ends.map { _ in "" })
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
                song.intervals.map { ends in
                    .map(
                        Dictionary(
                            zip(
                                ratings.dimensions,
                                ends.map { [.double(clipped($0.lowerBound)), .double(clipped($0.upperBound))] }),
                            uniquingKeysWith: { first, _ in first }))
                } ?? .null
            entry["ratings"] =
                song.ratings.map { values in
                    .map(
                        Dictionary(
                            zip(ratings.dimensions, values.map { .double(clipped($0)) }),
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
            "scale": bundle.facts.scale.map { [.double($0.lowerBound), .double($0.upperBound)] } ?? .null,
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
