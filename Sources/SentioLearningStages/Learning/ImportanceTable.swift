import SentioBase
import SentioKit
import SentioLearn

/// Feature importance as a table: feature, target (a dimension, or `all`), weight, gain, total_gain, cover,
/// total_cover.
enum ImportanceTable {
    /// All targets together first; within each, the feature with the largest total gain first.
    static func make(_ model: GBDTModel) -> Table {
        let columns = ["feature", "target", "weight", "gain", "total_gain", "cover", "total_cover"]
        let parts =
            [("all", model.importance())]
            + model.targets.indices.map { (model.targets[$0], model.importance(target: $0)) }
        let rows = parts.flatMap { target, importance in
            importance.enumerated().sorted { ($1.element.totalGain, $0.offset) < ($0.element.totalGain, $1.offset) }.map
            { _, feature in
                [feature.feature, target, "\(feature.weight)"]
                    + [feature.gain, feature.totalGain, feature.cover, feature.totalCover].map(NumberText.short)
            }
        }
        return Table(columns: columns, rows: rows)
    }
}
