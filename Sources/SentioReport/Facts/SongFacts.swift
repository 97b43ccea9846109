import SentioKit

/// Information about songs in a labels artifact apart from the ratings: metadata, rater spread, the rating scale.
public struct SongFacts: Sendable, Equatable {
    let scale: ClosedRange<Double>?
    let dimensions: [String]
    /// Columns that are neither ratings nor their spread, in the order of the table: artist, title, genre…
    let metadataColumns: [String]
    private let rows: [String: [String]]
    private let places: [String: Int]

    /// No information.
    public static let none = SongFacts(table: Table(columns: ["song_id"], rows: []), attributes: [:])

    /// - Parameters:
    ///   - table: a labels table: `song_id`, `valence`, `valence_std`…, metadata.
    ///   - attributes: of the artifact: `scale`, `dimensions`.
    init(table: Table, attributes: [String: Value]) {
        let bounds = attributes["scale"]?.list?.compactMap(\.double) ?? []
        scale = bounds.count == 2 && bounds[0] < bounds[1] ? bounds[0]...bounds[1] : nil
        let named = attributes["dimensions"]?.list?.compactMap(\.string) ?? []
        let dimensions = named.isEmpty ? ["valence", "arousal"].filter(table.columns.contains) : named
        self.dimensions = dimensions
        let ratings = Set(dimensions + dimensions.map { $0 + "_std" } + ["song_id"])
        metadataColumns = table.columns.filter { !ratings.contains($0) }
        let id = table.column("song_id") ?? 0
        rows = Dictionary(table.rows.map { ($0[id], $0) }, uniquingKeysWith: { first, _ in first })
        places = Dictionary(table.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The value of a column for a song; nil if it is missing or empty.
    func text(_ column: String, of song: String) -> String? {
        guard let place = places[column], let cell = rows[song]?[place], !cell.isEmpty else { return nil }
        return cell
    }

    /// Standard deviation over raters; nil if it is not stored.
    func spread(_ dimension: String, of song: String) -> Double? {
        text(dimension + "_std", of: song).flatMap(Double.init).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }

    /// The midpoint of the scale, which separates the quadrants of the valence–arousal plane.
    var middle: Double? { scale.map { ($0.lowerBound + $0.upperBound) / 2 } }
}
