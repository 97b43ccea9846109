import SentioKit

/// The parameters that the dataset kinds share: scales and dimensions of the ratings, and the handling of incomplete
/// songs.
struct RatingParameters {
    static let missing = Parameter(
        "missing", default: MissingSongs.skip,
        "Songs with a rating but no data, or the reverse. skip: leave them out, with a warning; error: stop.")
    static let scale = Parameter("scale", default: [1.0, 9.0], "Lowest and highest possible rating.", source: "DEAM")
    static let dimensions = Parameter(
        "dimensions", default: ["valence", "arousal"],
        "Rated dimensions: columns `<dimension>_mean` and, if present, `<dimension>_std`.",
        source: "DEAM")
    static let targets = Parameter(
        "targets", default: RatingTargets(),
        "Instead of `dimensions`: numeric columns of the ratings table to predict, 1 to 16, each perhaps with its own "
            + "scale: [valence, {tempo: [40, 220]}]. A column is looked up by its name, then as `<name>_mean`. Empty: "
            + "the columns of `dimensions`.",
        keepsDefaultInKey: false)
    static let limit = Parameter(
        "limit", default: 0, in: 0...10_000_000,
        "Use only the first rated songs (of each folder), at most this many; 0: all.", unit: "songs")

    /// The parameter of column names for datasets of audio. The names enter the stage key through the names of the
    /// tables' sources: as a parameter of the key they would change the keys of all older results.
    static let columns = Parameter(
        "columns", default: ColumnNames(),
        "Names of the tables' columns that differ from the standard names, such as {song_id: id, valence_mean: v}; "
            + "song_id applies to metadata too.",
        isIdentity: false)
    /// The same for datasets of tables, whose `columns` are their features.
    static let ratingColumns = Parameter(
        "rating_columns", default: ColumnNames(),
        "Names of the tables' song and rating columns that differ from the standard names, such as {song_id: id, "
            + "valence_mean: v}; song_id applies to features and metadata too.",
        isIdentity: false)

    let missing: MissingSongs
    /// The names of the targets, in order.
    let dimensions: [String]
    /// The scale of each.
    let scales: [ClosedRange<Double>]
    private let hasTargets: Bool
    let limit: Int
    let columns: ColumnNames
    /// The parameter that gives them.
    let columnsName: String

    /// - throws: `ConfigurationErrors` for an invalid scale, dimensions or names of columns.
    init(_ configuration: Configuration, columns parameter: Parameter<ColumnNames>) throws(ConfigurationErrors) {
        missing = configuration[Self.missing]
        limit = configuration[Self.limit]
        let bounds = configuration[Self.scale]
        guard bounds.count == 2, bounds[0] < bounds[1] else {
            throw ConfigurationErrors("scale", "a scale is two numbers, the lower one first, such as [1, 9].")
        }
        let scale = bounds[0]...bounds[1], given = configuration[Self.dimensions], targets = configuration[Self.targets]
        let names = Set(given)
        guard !names.isEmpty, names.count == given.count, !names.contains(""), !names.contains("song_id") else {
            throw ConfigurationErrors("dimensions", "name at least one dimension, each once.")
        }
        if let problem = targets.problem { throw ConfigurationErrors(Self.targets.name, problem) }
        hasTargets = !targets.isEmpty
        if hasTargets, given != Self.dimensions.defaultValue {
            throw ConfigurationErrors(Self.targets.name, "give `targets` or `dimensions`, not both.")
        }
        let dimensions = hasTargets ? targets.names : given
        self.dimensions = dimensions
        scales = hasTargets ? targets.targets.map { $0.scale ?? scale } : dimensions.map { _ in scale }
        columns = configuration[parameter]
        columnsName = parameter.name
        let own = hasTargets ? dimensions : []
        let known = [ColumnNames.song] + own + dimensions.flatMap { [$0 + "_mean", $0 + "_std"] }
        if let problem = columns.problem(known: known) { throw ConfigurationErrors(parameter.name, problem) }
    }

    /// The common scale that ratings between two numbers are likely to use.
    static func likelyScale(_ low: Double, _ high: Double) -> ClosedRange<Double> {
        let usual: [ClosedRange<Double>] = [
            0...1, -1...1, 1...5, 0...5, -3...3, 1...7, 1...9, -4...4, 1...10, 0...10, -5...5, -10...10, 0...100,
            -100...100,
        ]
        return usual.first { $0.contains(low) && $0.contains(high) } ?? low.rounded(.down)...high.rounded(.up)
    }

    /// The attributes of `labels`.
    var attributes: [String: Value] {
        LabelTable.attributes(of: scales).merging(["dimensions": .list(dimensions.map { .string($0) })]) { own, _ in own
        }
    }

    /// The names under which a table may hold the values of a dimension, the preferred one first.
    func names(of dimension: String) -> [String] {
        let mean = dimension + "_mean"
        guard hasTargets else { return [mean] }
        return columns.gives(mean) && !columns.gives(dimension) ? [mean, dimension] : [dimension, mean]
    }

    /// The parameter that gives a dimension's scale.
    var scaleOption: String { Set(scales).count > 1 ? Self.targets.name : Self.scale.name }

    /// The wording of messages about ratings and data that do not match.
    struct Words {
        /// Of rated songs without data, and of data without rating.
        let silent: String, unrated: String
        /// If nothing matches.
        let none: String
    }

    /// Why no rated song has data, as sentences; nil if one has, or if there is nothing to compare.
    /// - parameter rated: the rated songs, and their places.
    /// - parameter more: sentences about songs without data.
    func mismatch(
        _ rated: [(id: String, place: String)], having ids: Set<String>, words: Words,
        more: ([String]) -> String = { _ in "" }
    )
        -> String?
    {
        let silent = rated.filter { !ids.contains($0.id) }.map(\.id)
        guard !rated.isEmpty, !ids.isEmpty, silent.count == rated.count else { return nil }
        let unrated = unrated(rated, ids)
        return
            "\(words.none)\(hint(rated, silent, unrated))\(more(silent)) The ratings name "
            + "\(IDList.text(silent.map(Excerpt.text))); the songs found are "
            + "\(IDList.text(unrated.map(Excerpt.text)))."
    }

    private func unrated(_ rated: [(id: String, place: String)], _ ids: Set<String>) -> [String] {
        ids.subtracting(rated.map(\.id)).sorted()
    }

    /// Shown only once: if two tables write their ids differently, each lacks those of the other.
    private func hint(_ rated: [(id: String, place: String)], _ silent: [String], _ unrated: [String]) -> String {
        let places = Dictionary(rated.map { ($0.id, $0.place) }, uniquingKeysWith: { first, _ in first })
        return SongForm(unrated).hint(silent) { places[$0] }
    }

    /// Songs that lack either a rating or data.
    struct Unmatched {
        let songs: [String]
        /// `rated but without an audio file`.
        let what: String
        /// How many they are, which, and what they may have been meant to be.
        let sentence: String
        /// Where the first of them is rated; nil for songs without a rating.
        let place: String?
    }

    /// The songs without data, then those without a rating; only kinds of which there are any.
    /// - parameter reasons: the end of a sentence about songs whose data exists but cannot be read, by id.
    func unmatched(
        _ rated: [(id: String, place: String)], having ids: Set<String>, reasons: [String: String] = [:],
        words: Words, more: ([String]) -> String = { _ in "" }
    ) -> [Unmatched] {
        let silent = rated.filter { !ids.contains($0.id) }, unrated = unrated(rated, ids)
        return [(silent.map(\.id), words.silent), (unrated, words.unrated)].filter { !$0.0.isEmpty }.map {
            songs, what in
            let verb = songs.count == 1 ? "is" : "are"
            let known = songs.compactMap { reasons[$0] }
            let because = known.isEmpty ? "" : " Of these, \(IDList.text(known))."
            let isSilent = what == words.silent
            let rest = isSilent ? hint(rated, songs, unrated) + more(songs) : ""
            return Unmatched(
                songs: songs, what: what,
                sentence: "\(IDList.songs(songs.count)) \(verb) \(what): \(IDList.text(songs)).\(because)\(rest)",
                place: isSilent ? silent.first?.place : nil)
        }
    }

    /// The rated songs that have data, the first `limit` of them; songs that lack either are reported.
    /// - parameter having: the ids of all songs that have data.
    /// - parameter reasons: the end of a sentence about songs whose data exists but cannot be read, by id.
    /// - parameter more: sentences about songs without data.
    /// - throws: `StageFailure` with `missing: error`, or if no song is left.
    func matched(
        _ rated: [RatedSong], having ids: Set<String>, reasons: [String: String] = [:], source: String, words: Words,
        more: ([String]) -> String = { _ in "" }, _ context: StageContext
    ) throws -> [RatedSong] {
        let rows = rated.map { (id: $0.id, place: $0.place) }
        if let mismatch = mismatch(rows, having: ids, words: words, more: more) { throw StageFailure(mismatch) }
        let lacking = unmatched(rows, having: ids, reasons: reasons, words: words, more: more)
        guard missing == .skip || lacking.isEmpty else {
            throw StageFailure(
                "\(lacking.map(\.sentence).joined(separator: "\n")) Complete the dataset \(source), or leave such "
                    + "songs out with `missing: skip`."
            )
        }
        for part in lacking {
            context.services.warn("\(part.sentence) Left out.")
            for song in part.songs {
                context.services.log(
                    "left out, \(part.what): \(song)\(reasons[song].map { " (\($0))" } ?? "")")
            }
        }
        let songs = rated.filter { ids.contains($0.id) }
        guard !songs.isEmpty else { throw StageFailure(words.none) }
        return limit > 0 ? Array(songs.prefix(limit)) : songs
    }
}

/// How to handle songs that have a rating but no data, or the reverse.
enum MissingSongs: String, ParameterChoice { case skip, error }
