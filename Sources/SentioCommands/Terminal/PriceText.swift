import SentioEngine

/// Estimated durations as text for people, with their range and the number of unknown ones.
enum PriceText {
    /// `about 40 s to 1 min`.
    static func text(_ price: Price) -> String { "about \(Words.duration(price.low...price.high))" }

    /// `about 40 s to 1 min at most`; `at least about 40 s to 1 min; no estimate for 1 stage …`; `no estimate yet`.
    /// - Parameter isMost: whether some of the work may turn out not to be needed.
    static func text(_ sum: PriceSum, isMost: Bool) -> String {
        guard sum.known > 0 else { return "no estimate yet" }
        guard sum.unknown > 0 else { return text(sum.price) + (isMost ? " at most" : "") }
        return
            "at least \(text(sum.price)); no estimate for \(Words.count(sum.unknown, "stage")) "
            + "(no record of similar work)"
    }
}
