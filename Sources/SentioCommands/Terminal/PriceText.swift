import SentioEngine

/// What is foreseen, as text for people: with its spread, and with what nobody can say.
enum PriceText {
    /// `about 40 s to 1 min`.
    static func text(_ price: Price) -> String { "about \(Words.duration(price.low...price.high))" }

    /// `about 40 s to 1 min at most`; `at least about 40 s to 1 min; 1 stage unknown`; `how long that takes is not
    /// known yet`.
    /// - parameter isMost: whether some of it may turn out not to be needed.
    static func text(_ sum: PriceSum, isMost: Bool) -> String {
        guard sum.known > 0 else { return "how long that takes is not known yet" }
        guard sum.unknown > 0 else { return text(sum.price) + (isMost ? " at most" : "") }
        return
            "at least \(text(sum.price)); \(Words.count(sum.unknown, "stage")) unknown (no record of such work to go "
            + "by)"
    }
}
