public import SentioKit

/// What the dataset kinds have in common: the scale and the dimensions of ratings, and what becomes of incomplete songs.
struct RatingParameters {
    static let missing = Parameter(
        "missing", default: MissingSongs.skip,
        "What to do about a rated song without data or data without rating: leave it out and say so, or stop.")
    static let scale = Parameter("scale", default: [1.0, 9.0], "Lowest and highest possible rating.", source: "DEAM")
    static let dimensions = Parameter(
        "dimensions", default: ["valence", "arousal"], "Rated dimensions: columns `<dimension>_mean` and, where there, `<dimension>_std`.",
        source: "DEAM")
    static let limit = Parameter(
        "limit", default: 0, in: 0...10_000_000, "Only the first so many rated songs (of each folder); 0: all.", unit: "songs")

    let missing: MissingSongs
    let scale: ClosedRange<Double>
    let dimensions: [String]
    let limit: Int

    /// - throws: `ConfigurationErrors` for a scale or dimensions that are none.
    init(_ configuration: Configuration) throws(ConfigurationErrors) {
        missing = configuration[Self.missing]
        dimensions = configuration[Self.dimensions]
        limit = configuration[Self.limit]
        let bounds = configuration[Self.scale]
        guard bounds.count == 2, bounds[0] < bounds[1] else {
            throw ConfigurationErrors("scale", "a scale is two numbers, the lower one first, such as [1, 9].")
        }
        scale = bounds[0]...bounds[1]
        let names = Set(dimensions)
        guard !names.isEmpty, names.count == dimensions.count, !names.contains(""), !names.contains("song_id") else {
            throw ConfigurationErrors("dimensions", "name at least one dimension, each once.")
        }
    }

    /// The attributes of `labels`.
    var attributes: [String: Value] {
        [
            "scale": [.double(scale.lowerBound), .double(scale.upperBound)], "dimensions": .list(dimensions.map { .string($0) }),
        ]
    }

    /// The rated songs that have data, the first `limit` of them; those that lack one or the other are named.
    /// - parameter having: the ids of all songs that have data.
    /// - parameter reasons: the end of a sentence about songs whose data is there but cannot be read, by id.
    /// - parameter words: what is said of rated songs without data, of data without rating, and where there is nothing at all.
    /// - throws: `StageFailure` under `missing: error`, or where no song is left.
    func matched(
        _ rated: [RatedSong], having ids: Set<String>, reasons: [String: String] = [:], source: String,
        words: (silent: String, unrated: String, none: String),
        _ context: StageContext
    ) throws -> [RatedSong] {
        let silent = rated.filter { !ids.contains($0.id) }.map(\.id)
        let ratedIDs = Set(rated.map(\.id))
        let unrated = ids.filter { !ratedIDs.contains($0) }.sorted()
        let places = Dictionary(rated.map { ($0.id, $0.place) }, uniquingKeysWith: { first, _ in first })
        // Said once: of two tables that write their ids differently each lacks the other's.
        let hint = SongForm(unrated).hint(silent) { places[$0] }
        guard rated.isEmpty || ids.isEmpty || silent.count < rated.count else {
            throw StageFailure(
                "\(words.none)\(hint) The ratings name \(IDList.text(silent.map(Excerpt.text))); the songs there are \(IDList.text(unrated.map(Excerpt.text)))."
            )
        }
        for (songs, what) in [(silent, words.silent), (unrated, words.unrated)] where !songs.isEmpty {
            let verb = songs.count == 1 ? "is" : "are"
            let known = songs.compactMap { reasons[$0] }
            let because = known.isEmpty ? "" : " Of these, \(IDList.text(known))."
            let sentence =
                "\(IDList.songs(songs.count)) \(verb) \(what): \(IDList.text(songs)).\(because)\(what == words.silent ? hint : "")"
            guard missing == .skip else {
                throw StageFailure("\(sentence) Complete the dataset \(source), or leave such songs out with `missing: skip`.")
            }
            context.services.warn("\(sentence) Left out.")
            for id in songs { context.services.log("left out, \(what): \(id)\(reasons[id].map { " (\($0))" } ?? "")") }
        }
        let songs = rated.filter { ids.contains($0.id) }
        guard !songs.isEmpty else { throw StageFailure(words.none) }
        return limit > 0 ? Array(songs.prefix(limit)) : songs
    }
}

/// What to do about songs of which a dataset has only one half.
public enum MissingSongs: String, ParameterChoice { case skip, error }
