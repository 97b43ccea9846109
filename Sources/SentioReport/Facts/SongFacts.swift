import SentioKit

/// Information about songs in a labels artifact apart from the ratings: metadata, rater spread, the rating scale.
public struct SongFacts: Sendable, Equatable {
    /// The scale that all dimensions share; nil if it is not stored, or each has its own.
    let scale: ClosedRange<Double>?
    private let scales: [String: ClosedRange<Double>]
    let dimensions: [String]
    /// Columns that are neither ratings nor their spread, in the order of the table: artist, title, genre…
    let metadataColumns: [String]
    private let rows: [String: [String]]
    private let places: [String: Int]

    /// No information.
    public static let none = SongFacts(table: Table(columns: ["song_id"], rows: []), attributes: [:])

    /// - Parameters:
    ///   - table: a labels table: `song_id`, `valence`, `valence_std`…, metadata.
    ///   - attributes: of the artifact: `scale` or `scales`, `dimensions`.
    init(table: Table, attributes: [String: Value]) {
        scale = Self.range(attributes["scale"])
        let named = attributes["dimensions"]?.list?.compactMap(\.string) ?? []
        let dimensions = named.isEmpty ? ["valence", "arousal"].filter(table.columns.contains) : named
        self.dimensions = dimensions
        let own = zip(dimensions, attributes["scales"]?.list ?? []).compactMap { name, value in
            Self.range(value).map { (name, $0) }
        }
        scales = Dictionary(own, uniquingKeysWith: { first, _ in first })
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

    /// The scale of a dimension; nil if it is not stored.
    func scale(of dimension: String) -> ClosedRange<Double>? { scales[dimension] ?? scale }

    private static func range(_ value: Value?) -> ClosedRange<Double>? {
        let bounds = value?.list?.compactMap(\.double) ?? []
        return bounds.count == 2 && bounds[0] < bounds[1] ? bounds[0]...bounds[1] : nil
    }

    /// What errors of a dimension are divided by before they are averaged over dimensions: 1, or half the dimension's
    /// scale where the dimensions have different ones.
    func unit(of dimension: String) -> Double {
        scales[dimension].map { ($0.upperBound - $0.lowerBound) / 2 } ?? 1
    }

    /// Whether errors have a unit per dimension.
    var hasUnits: Bool { !scales.isEmpty }

    /// The scale that valence and arousal share; nil if they do not.
    var planeScale: ClosedRange<Double>? {
        let own = scale(of: "valence")
        return own == scale(of: "arousal") ? own : nil
    }

    /// The midpoint of the scale, which separates the quadrants of the valence–arousal plane.
    var middle: Double? { planeScale.map { ($0.lowerBound + $0.upperBound) / 2 } }
}
