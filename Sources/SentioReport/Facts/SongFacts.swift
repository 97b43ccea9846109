public import SentioKit

/// What the labels say about songs beside their ratings: metadata, the spread of the raters, the rating scale.
public struct SongFacts: Sendable, Equatable {
    public let scale: ClosedRange<Double>?
    public let dimensions: [String]
    /// Columns that are neither ratings nor their spread, in the table's order: artist, title, genre…
    public let metadataColumns: [String]
    private let rows: [String: [String]]
    private let places: [String: Int]

    public static let none = SongFacts(table: Table(columns: ["song_id"], rows: []), attributes: [:])

    /// - parameters:
    ///   - table: a labels table: song_id, `valence`, `valence_std`…, metadata.
    ///   - attributes: of its artifact: `scale`, `dimensions`.
    public init(table: Table, attributes: [String: Value]) {
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

    /// The cell of a song; nil where there is none or it is empty.
    public func text(_ column: String, of song: String) -> String? {
        guard let place = places[column], let cell = rows[song]?[place], !cell.isEmpty else { return nil }
        return cell
    }

    /// The raters' standard deviation of a dimension; nil where it is not stored.
    public func spread(_ dimension: String, of song: String) -> Double? {
        text(dimension + "_std", of: song).flatMap(Double.init).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }

    /// The middle of the scale: what parts the quadrants of the rating plane.
    public var middle: Double? { scale.map { ($0.lowerBound + $0.upperBound) / 2 } }
}
