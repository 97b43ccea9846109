import SentioKit
public import SentioRunStore

/// The finished cells of a sweep as arms: one arm per combination of parameters, with its replicates as runs.
public struct SweepArms: Sendable {
    /// The sweep id.
    public let sweep: String
    /// In the order of the cells.
    public let arms: [Arm]
    /// Cells of the sweep without a finished run, as `arm, replicate n: status`.
    public let missing: [String]

    /// Reads the documented views of sweeps.
    /// - Parameters:
    ///   - id: a complete sweep id.
    ///   - over: the parameter whose values are doses; nil for none.
    /// - Throws: `RunStoreError`, `ComparisonError`.
    public init(_ id: String, over: String? = nil, in store: RunStore) throws {
        let quoted = "'" + id.replacing("'", with: "''") + "'"
        let cells = try store.query(
            "SELECT arm, replicate, run, last_status FROM v_sweep_cells WHERE sweep = \(quoted) AND wanted ORDER BY "
                + "position, replicate"
        )
        let entries = try store.query(
            "SELECT arm, name, json FROM v_sweep_parameters WHERE sweep = \(quoted) ORDER BY position, arm")
        var names: [String] = [], values: [String: [String: Value]] = [:]
        for row in entries.rows {
            guard let arm = row[0].string, let name = row[1].string else { continue }
            if !names.contains(name) { names.append(name) }
            values[arm, default: [:]][name] = row[2].string.flatMap { try? JSON.parse($0) } ?? .null
        }
        if let over {
            guard names.contains(over) else { throw ComparisonError.noDose(parameter: over, available: names) }
            let others = values.values.compactMap { $0[over] }.filter { $0.double == nil }.map(\.text)
            guard others.isEmpty else { throw ComparisonError.noNumber(parameter: over, values: Set(others).sorted()) }
            // A cell without this parameter has no dose.
            guard values.values.allSatisfy({ $0[over] != nil }) else {
                throw ComparisonError.noDose(parameter: over, available: names)
            }
        }
        var order: [String] = [], runs: [String: [Arm.Replicate]] = [:], missing: [String] = []
        for row in cells.rows {
            guard let arm = row[0].string, let replicate = row[1].int else { continue }
            guard let run = row[2].string else {
                missing.append(
                    "\(arm.isEmpty ? "replicate" : "\(arm), replicate") \(replicate): \(row[3].string ?? "not run yet")"
                )
                continue
            }
            if runs[arm] == nil { order.append(arm) }
            runs[arm, default: []].append(.init(run: run, number: replicate, columns: try store.predictions(run: run)))
        }
        guard !order.isEmpty else { throw ComparisonError.emptySweep(id) }
        sweep = id
        arms = try order.map { arm in
            Arm(
                label: arm.isEmpty ? id : arm, runs: runs[arm] ?? [], dose: over.flatMap { values[arm]?[$0]?.double },
                headline: try (runs[arm]?.last?.run).flatMap(store.headline))
        }
        self.missing = missing
    }

    /// One sentence per status about the cells without a finished run; empty if none is missing.
    public static func sentences(missing: [String]) -> [String] {
        var order: [String] = [], cells: [String: [String]] = [:]
        for cell in missing {
            // `arm, replicate n: status`; parameter values may contain a colon.
            let parts = cell.split(separator: ": ").map(String.init),
                status = parts.count > 1 ? parts[parts.count - 1] : "missing"
            if cells[status] == nil { order.append(status) }
            cells[status, default: []].append(parts.count > 1 ? parts.dropLast().joined(separator: ": ") : cell)
        }
        return order.map { status in
            let own = cells[status] ?? []
            return
                "Missing from the sweep: \(Numerals.count(own.count, "cell")) \(status) "
                + "(\(own.prefix(12).joined(separator: "; "))\(own.count > 12 ? "; …" : ""))."
        }
    }
}
