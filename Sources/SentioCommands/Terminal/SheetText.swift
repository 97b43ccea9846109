import SentioKit
import SentioRunStore

/// Runs side by side as text for people: stages that not all runs have, parameters, metrics.
struct SheetText {
    let sheet: RunComparison
    /// Whether to include stages that not all runs have.
    var all = false
    var width: Int?

    /// Maximum number of rows per section; more rows are usually small differences in many folds and dimensions.
    private static let mostRows = 40

    private var names: [String] {
        let names = sheet.runs.map { $0.name ?? $0.id }
        return Set(names).count == names.count ? names : sheet.runs.map(\.id)
    }

    /// Names shortened to the room that a narrow screen leaves beside names and numbers.
    private var heads: [String] {
        guard let width else { return names }
        let room = max(8, (width - 44) / max(1, names.count))
        return names.map { Words.shortened($0, to: room) }
    }

    var lines: [String] {
        let shown = all ? sheet : sheet.withoutLoneStages
        var parts = [stages]
        let params = Set(shown.parameters.map(\.name))
        parts.append(section("param", shown.parameters))
        parts.append(section("stage parameter", shown.configuration.filter { !params.contains($0.name) }))
        parts.append(section("metric", shown.metrics, difference: sheet.runs.count == 2))
        let lines = parts.filter { !$0.isEmpty }.reduce(into: [String]()) { $0 += ($0.isEmpty ? [] : [""]) + $1 }
        return lines.isEmpty ? [nothing] : lines
    }

    private var nothing: String {
        sheet.runs.count > 1
            ? "The runs have identical stages, parameters and metrics."
            : "Both are stages of run \(sheet.runs.first?.id ?? "")."
    }

    /// `only in phase4: gan (gan-train), mix (mix)`.
    private var stages: [String] {
        let rows = sheet.stages.filter(\.differs)
        var lines: [String] = []
        for (index, name) in names.enumerated() {
            let others = sheet.runs.indices.filter { $0 != index }
            let own = rows.filter { row in row.values[index] != nil && others.allSatisfy { row.values[$0] == nil } }
            if !own.isEmpty {
                lines.append("only in \(name): \(listed(own.map { "\($0.name) (\($0.values[index]?.text ?? ""))" }))")
            }
        }
        let lone = Set(rows.filter { row in row.values.count { $0 != nil } == 1 }.map(\.name))
        for row in rows where !lone.contains(row.name) {
            lines.append(
                "\(row.name): "
                    + zip(names, row.values).map { "\($1?.text ?? "absent") in \($0)" }.joined(separator: ", "))
        }
        return lines
    }

    private func listed(_ names: [String]) -> String {
        all || names.count <= 12
            ? names.joined(separator: ", ") : names.prefix(11).joined(separator: ", ") + " and \(names.count - 11) more"
    }

    private func section(_ title: String, _ rows: [RunComparison.Row], difference: Bool = false) -> [String] {
        guard !rows.isEmpty else { return [] }
        let shown = all || rows.count <= Self.mostRows ? rows[...] : rows.prefix(Self.mostRows)
        var table = TextTable(
            [title] + heads + (difference ? ["difference"] : []), right: Set(1...names.count + (difference ? 1 : 0)))
        for row in shown {
            let cells = row.values.map { value in value.map { $0.double.map(Words.number) ?? $0.text } ?? "-" }
            let numbers = row.values.compactMap { $0?.double }
            let change = numbers.count == 2 && row.values.count == 2 ? Self.signed(numbers[1] - numbers[0]) : ""
            table.rows.append([row.name] + cells + (difference ? [change] : []))
        }
        return table.lines(width: width)
            + (shown.count < rows.count ? ["and \(rows.count - shown.count) more (--all)"] : [])
    }

    private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + Words.number(value) }
}
