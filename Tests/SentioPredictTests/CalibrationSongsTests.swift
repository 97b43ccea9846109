import SentioKit
import SentioLearn
import SentioNumerics
import Testing

@testable import SentioPredict

@Suite struct CalibrationSongsTests {
    private static let predictions = OutputPort("predictions", .predictions, "")
    private static func song(_ id: String) -> ContentHash { Hashing.content("sound of \(id)") }
    private static let ids = (0..<12).map { "s\($0)" }

    /// A run whose model has seen the songs of `seen`. Songs 0 to 5 are training songs, 6 to 9 validation songs.
    private func find(
        seen: [String], sets: (Int) -> String = { $0 < 6 ? "train" : $0 < 10 ? "validation" : "test" },
        residuals: Table? = nil, labels: [String]? = nil
    ) throws -> CalibrationSongs.Result {
        let fitted = Lineage(seen.map(Self.song))
        let rows = Self.ids.sorted().map { Manifest.Row(id: $0, sources: [Self.song($0)], fitted: 0) }
        var stored: [String: (Table, Manifest)] = [:]
        stored["labels"] = (
            Table(
                columns: ["song_id", "valence", "artist"],
                rows: Self.ids.enumerated().map { [$1, labels?[$0] ?? "\(3 + $0)", "x"] }),
            Manifest(type: .labels, rows: rows)
        )
        stored["split"] = (
            Table(columns: ["song_id", "set"], rows: Self.ids.enumerated().map { [$1, sets($0)] }),
            Manifest(type: .split, rows: rows)
        )
        stored["predictions"] = (
            Table(columns: ["song_id", "valence"], rows: Self.ids.enumerated().map { [$1, "\(3.5 + Double($0))"] }),
            Manifest(type: .predictions, rows: rows, fittedSets: [fitted])
        )
        if let residuals { stored["residuals"] = (residuals, Manifest(type: .predictions, rows: rows)) }
        func hashes(_ names: [String]) -> [String: String] {
            Dictionary(
                uniqueKeysWithValues: names.filter { stored[$0] != nil }.map { ($0, Hashing.content($0).hex) })
        }
        let byHash = Dictionary(uniqueKeysWithValues: stored.map { (Hashing.content($0.key), $0.value) })
        return try CalibrationSongs(
            inputs: hashes(["labels", "split"]), outputs: hashes(["predictions", "residuals"]),
            predictions: Self.predictions, dimensions: ["valence"]
        ) { byHash[$0] }.find()
    }

    private func reason(_ result: CalibrationSongs.Result) -> String {
        if case .none(let reason) = result { reason } else { "(found)" }
    }

    @Test func validationSongsThatTheModelHasNotSeen() throws {
        guard case .found(let found) = try find(seen: Array(Self.ids.prefix(6))) else {
            Issue.record("nothing found")
            return
        }
        #expect(found.source == "4 validation songs")
        #expect(found.intervals.errors.values == [0.5, 0.5, 0.5, 0.5])
        #expect(found.intervals.predictions.values == [9.5, 10.5, 11.5, 12.5])
    }

    @Test func seenOnesDoNotCount() throws {
        guard case .found(let found) = try find(seen: Array(Self.ids.prefix(8))) else {
            Issue.record("nothing found")
            return
        }
        #expect(found.source == "2 validation songs" && found.intervals.predictions.values == [11.5, 12.5])
        #expect(reason(try find(seen: Self.ids)).contains("the fit used the 4 validation songs of its split. Set"))
    }

    @Test func outOfFoldPredictionsComeFirst() throws {
        let table = Table(
            columns: ["song_id", "fold", "valence_rated", "valence_predicted"],
            rows: [["s0", "0", "4", "6"], ["s1", "1", "5", "4"]])
        guard case .found(let found) = try find(seen: Array(Self.ids.prefix(6)), residuals: table) else {
            Issue.record("nothing found")
            return
        }
        #expect(found.source == "out of fold on 2 training songs" && found.intervals.errors.values == [2, 1])
    }

    @Test func whatIsMissingIsSaid() throws {
        #expect(
            reason(try find(seen: [], sets: { $0 < 6 ? "train" : "test" })).contains("has no validation songs. Set"))
        #expect(
            reason(try find(seen: [], labels: .init(repeating: "", count: 12))).hasPrefix(
                "The validation songs of the run have no complete ratings."))
        let bare = CalibrationSongs(inputs: [:], outputs: [:], predictions: Self.predictions, dimensions: ["v"]) { _ in
            nil
        }
        #expect(reason(try bare.find()).hasPrefix("No songs with ratings are known that the model was not fitted on."))
        let blind = CalibrationSongs(inputs: [:], outputs: [:], predictions: Self.predictions, dimensions: []) { _ in
            nil
        }
        #expect(reason(try blind.find()) == "The run did not record which dimensions the model rates.")
    }
}
