import SentioBase

/// The words of warnings about songs that are unlike those of the training, by which `predict` knows them.
package enum NoveltyWarning {
    /// How such a sentence begins.
    package static let start = "unlike the training songs"

    /// About one song.
    /// - parameter deviations: how many standard deviations each feature is from its training mean.
    package static func sentence(_ deviations: [Double], features: [String]) -> String {
        let order = deviations.indices.sorted {
            (deviations[$1].magnitude, $0) < (deviations[$0].magnitude, $1)
        }
        guard let first = order.first else { return "\(start); the rating is an extrapolation" }
        let others = order.dropFirst().prefix(2).map { "\(features[$0]) \(number(deviations[$0]))" }
        let more = others.isEmpty ? "" : " (\(others.joined(separator: ", ")))"
        return
            "\(start): \(features[first]) is \(number(deviations[first])) standard deviations from their mean\(more); "
            + "the rating is an extrapolation"
    }

    private static func number(_ deviations: Double) -> String {
        NumberText.fixed(deviations.magnitude, deviations.magnitude < 10 ? 1 : 0, isGrouped: true)
    }

    /// The warnings about several songs: one for each, or together if there are more than `most`.
    package static func warnings(_ songs: [(id: String, sentence: String)]) -> [String] {
        guard songs.count > most else { return songs.map { "\($0.id): \($0.sentence)" } }
        let named = songs.prefix(mostNamed).map(\.id).joined(separator: ", ")
        let more = songs.count > mostNamed ? " and \(songs.count - mostNamed) more" : ""
        return ["\(songs.count) songs: \(start); their ratings are extrapolations (\(named)\(more))"]
    }

    private static let most = 20
    /// `predict` reads the ids, so that it marks each of many songs.
    private static let mostNamed = 1000
}
