import SentioKit

/// What a stage's record keeps of its warnings.
enum StageWarnings {
    /// More than a person reads about one stage.
    static let limit = 50
    /// Ids that one sentence names.
    static let namedItems = 5

    /// The first ones, and how many more there were.
    static func kept(_ warnings: [String]) -> [String] {
        guard warnings.count > limit else { return warnings }
        return warnings.prefix(limit) + ["and \(warnings.count - limit) more warnings; the stage's log has them all."]
    }

    /// The warnings of single items, one sentence for all items that have it: `song 12: …`, `31 songs: … (4, 7, 12 and
    /// 28 more)`. In the order of the items.
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
