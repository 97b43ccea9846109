package import SentioKit
package import SentioLearn
import SentioNumerics

/// Which songs stay together and how the sets are balanced when songs are assigned: `group` and `stratify` of `split`.
package struct SongAssignment {
    /// The first of these columns that exists is used; `none`: each song by itself.
    package let groupColumns: [String]
    /// Whether to stratify by the cells of a 5×5 grid over the first two dimensions.
    package let isStratified: Bool

    package init(groupColumns: [String], isStratified: Bool) {
        self.groupColumns = groupColumns
        self.isStratified = isStratified
    }

    package static func check(_ groupColumns: [String]) throws(ConfigurationErrors) {
        if groupColumns.isEmpty || groupColumns.contains("") {
            throw ConfigurationErrors("group", "name a metadata column, or `none`.")
        }
    }

    package var grid: StratificationGrid? { get throws { isStratified ? try StratificationGrid(cells: 5) : nil } }

    /// The songs with their groups, and with their ratings if they are stratified.
    /// - parameter recordings: as for `SongGroups`.
    /// - throws: `StageFailure`.
    package func songs(
        _ ids: [String], recordings: [String]? = nil, _ labels: InputTable, _ context: StageContext
    ) throws -> (groups: SongGroups, songs: [SplitSong]) {
        let groups = SongGroups(
            labels: try groupLabels(labels, ids, context), sources: ids.map { labels.sources(of: $0) },
            recordings: recordings)
        return (groups, try songs(ids, groups: groups.numbers.map { String($0) }, labels))
    }

    /// The songs, with groups that are already known.
    package func songs(_ ids: [String], groups: [String], _ labels: InputTable) throws -> [SplitSong] {
        guard isStratified else { return zip(ids, groups).map { SplitSong(id: $0, group: $1) } }
        let dimensions = Array(LabelTable.dimensions(labels.attributes).prefix(2))
        guard dimensions.count == 2 else {
            throw StageFailure(
                "`stratify: grid5` needs two rated dimensions; the labels have only \(dimensions.joined()).")
        }
        let ratings = try labels.matrix(for: ids, columns: dimensions)
        return ids.indices.map {
            SplitSong(id: ids[$0], group: groups[$0], valence: ratings[$0, 0], arousal: ratings[$0, 1])
        }
    }

    private func groupLabels(_ labels: InputTable, _ ids: [String], _ context: StageContext) throws -> [String] {
        guard let column = groupColumns.first(where: { $0 == SplitStage.noGroup || labels.columns.contains($0) }) else {
            let wanted = groupColumns.map { "`\($0)`" }.joined(separator: ", ")
            let nearest =
                Suggestion.nearest(to: groupColumns[0], among: labels.columns).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure(
                "The labels have no column \(wanted) to group songs by; they have "
                    + "\(IDList.text(labels.columns)).\(nearest) To assign songs individually if it is missing, "
                    + "write `group: [\(groupColumns.joined(separator: ", ")), none]`."
            )
        }
        guard column != SplitStage.noGroup else {
            if groupColumns.count > 1 {
                context.services.warn(
                    "The labels have no column \(groupColumns.dropLast().map { "`\($0)`" }.joined(separator: ", ")), "
                        + "so songs are assigned individually: songs of one artist may be in both training and test."
                )
            }
            return ids.map { _ in "" }
        }
        let cells = try labels.rows(for: ids, columns: [column]).map { $0[0] }
        let alone = zip(ids, cells).filter { $0.1.isEmpty }.map(\.0)
        guard let idle = idle(column, cells) else {
            context.services.log("songs with the same \(column) stay together")
            if !alone.isEmpty {
                context.services.warn(
                    "\(alone.count) of \(IDList.songs(ids.count)) \(alone.count == 1 ? "has" : "have") no \(column) "
                        + "and \(alone.count == 1 ? "is" : "are") assigned individually: \(IDList.text(alone)). Any "
                        + "that actually share one may be in both training and test."
                )
            }
            return cells
        }
        guard groupColumns.contains(SplitStage.noGroup) else {
            throw StageFailure(
                "\(idle), so `group: \(column)` keeps no songs together. Name a column with repeated values, or "
                    + "write `group: [\(column), none]` to assign songs individually, with a warning."
            )
        }
        let risk = cells.contains("") ? ": songs of one \(column) may be in both training and test" : ""
        context.services.warn("\(idle), so songs are assigned individually\(risk).")
        return cells
    }

    /// Why a column groups nothing, as the start of a sentence; nil if it keeps any two songs together.
    private func idle(_ column: String, _ cells: [String]) -> String? {
        guard cells.count > 1 else { return nil }
        var seen: Set<String> = []
        if cells.contains(where: { !$0.isEmpty && !seen.insert($0).inserted }) { return nil }
        let alone = cells.count - seen.count
        if seen.isEmpty { return "The labels' column `\(column)` is empty for all \(IDList.songs(cells.count))" }
        return
            "No two of the \(IDList.songs(cells.count)) have the same "
            + "\(column)\(alone > 0 ? ", and \(alone) \(alone == 1 ? "has" : "have") none" : "")"
    }
}
