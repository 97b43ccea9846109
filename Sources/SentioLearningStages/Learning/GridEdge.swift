import SentioBase
import SentioKit

/// Warns when the tuned value of a setting is at the edge of its grid: the best value may lie beyond it, and the model
/// may then be worse than its kind can be.
struct GridEdge {
    /// The stage's parameter that lists the values: `alphas`.
    let parameter: String
    /// The smallest value that the parameter can have: nothing lies below it.
    var least: Double?
    /// The largest value that the parameter can have.
    var most: Double?

    /// - parameter choices: the chosen values, and what each is for (`valence`); empty where one choice serves all.
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
                "The best `\(parameter)`\(subject) is the \(isSmallest ? "smallest" : "largest") value of its grid, "
                    + "\(NumberText.short(edge)) (\(Self.text(values))); a better one may lie beyond it. "
                    + "Add \(isSmallest ? "smaller" : "larger") values to `\(parameter)`."
            )
        }
    }

    /// `0.01, 0.03, 0.1, … 3000, 10000`; short grids in full.
    private static func text(_ values: [Double]) -> String {
        let shown = values.map(NumberText.short)
        return shown.count <= 8
            ? shown.joined(separator: ", ")
            : shown.prefix(3).joined(separator: ", ") + ", … " + shown.suffix(2).joined(separator: ", ")
    }
}
