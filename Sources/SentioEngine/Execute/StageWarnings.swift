import SentioKit

/// The warnings that the record of a stage keeps.
enum StageWarnings {
    /// More than anyone reads about one stage.
    static let limit = 50
    /// How many ids a sentence names.
    static let namedItems = 5

    /// The first ones, with a last line that counts the others.
    static func kept(_ warnings: [String]) -> [String] {
        guard warnings.count > limit else { return warnings }
        return warnings.prefix(limit) + ["and \(warnings.count - limit) more warnings; the stage's log has them all."]
    }

    /// The warnings of single items, grouped by sentence, in the order of the items: `song 12: …`, `31 songs: … (4, 7,
    /// 12 and 28 more)`.
    static func sentences(_ items: [(id: String, warnings: [String])]) -> [String] {
        var order: [String] = [], ids: [String: [String]] = [:]
        for item in items {
            for sentence in item.warnings {
                if ids[sentence] == nil { order.append(sentence) }
                ids[sentence, default: []].append(item.id)
            }
        }
        return order.map { sentence in
            let songs = ids[sentence] ?? []
            guard songs.count > 1 else { return "\(songs.first ?? ""): \(sentence)" }
            let more = songs.count > namedItems ? " and \(songs.count - namedItems) more" : ""
            return "\(songs.count) songs: \(sentence) (\(songs.prefix(namedItems).joined(separator: ", "))\(more))"
        }
    }
}
