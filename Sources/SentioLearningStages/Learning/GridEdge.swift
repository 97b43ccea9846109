import SentioBase
import SentioKit

/// Warns where a setting that was tuned ends at the edge of its grid: the best value may lie beyond it, and the model
/// is then not the best that its kind can give.
struct GridEdge {
    /// The stage's parameter that lists the values: `alphas`.
    let parameter: String
    /// The least value that the parameter can have: nothing lies below it.
    var least: Double?
    /// The largest one.
    var most: Double?

    /// - parameter choices: what was chosen, and for what: `valence`; empty where it is one choice for all.
    /// - parameter grid: the values to choose from.
    func check(_ choices: [(value: Double, of: String)], grid: [Double], _ services: any StageServices) {
        let values = Set(grid).sorted()
        guard values.count > 1, let smallest = values.first, let largest = values.last else { return }
        for (edge, isSmallest) in [(smallest, true), (largest, false)] {
            if isSmallest ? edge == least : edge == most { continue }
            let at = choices.filter { $0.value == edge }
            guard !at.isEmpty else { continue }
            let of = at.map(\.of).filter { !$0.isEmpty },
                subject = of.isEmpty ? "" : " for \(of.joined(separator: " and "))"
            services.warn(
                "The best of `\(parameter)`\(subject) is the \(isSmallest ? "smallest" : "largest") of its grid, "
                    + "\(NumberText.short(edge)) "
                    + "(\(Self.text(values))); a better one may lie beyond. Add \(isSmallest ? "smaller" : "larger") "
                    + "values to `\(parameter)`."
            )
        }
    }

    /// `0.01, 0.03 … 10000`, all of few values.
    private static func text(_ values: [Double]) -> String {
        let shown = values.map(NumberText.short)
        return shown.count <= 8
            ? shown.joined(separator: ", ")
            : shown.prefix(3).joined(separator: ", ") + ", … " + shown.suffix(2).joined(separator: ", ")
    }
}
