import SentioKit
import SentioRunStore
import SentioSpec
import SentioSweep

/// The metric that a sweep's table shows: the one that the sweep names, else the pipeline's headline. If the headline
/// is equal in every setting, the swept parameter does not affect it, and a metric that differs is shown instead.
struct SweptMetric {
    /// `score.test.ccc`.
    let name: String
    /// Why it is not the headline.
    let note: String?

    /// Nil if there is no metric to show.
    init?(_ sweep: Sweep, _ outcome: SweepOutcome) {
        if let metric = sweep.spec.metric {
            name = metric.name
            note = nil
            return
        }
        let finished = outcome.cells.filter { $0.metrics != nil }
        guard let headline = sweep.base.headline, let metrics = finished.first?.metrics else { return nil }
        let stages = sweep.base.graph.nodes.map { (stage: $0.name, metrics: metrics[$0.name] ?? [:]) }
        guard let named = Headline.metrics(of: stages, about: headline).first else { return nil }
        let other = Self.differing(from: named.name, stages, finished)
        name = other ?? named.name
        note = other.map {
            "\(named.name) is \(Words.number(named.value)) in every cell; \($0) differs and is shown instead."
        }
    }

    /// The value of the metric in a cell.
    func value(of cell: SweepCellOutcome) -> Double? { Self.value(name, of: cell) }

    private static func value(_ name: String, of cell: SweepCellOutcome) -> Double? {
        for (stage, values) in cell.metrics ?? [:] where name.hasPrefix(stage + ".") {
            if let value = values[String(name.dropFirst(stage.count + 1))] { return value }
        }
        return nil
    }

    /// Nil if the metrics of the named stage differ, or no metric does.
    private static func differing(
        from named: String, _ stages: [(stage: String, metrics: [String: Double])], _ cells: [SweepCellOutcome]
    ) -> String? {
        func differs(_ stage: String) -> Bool { Self.differs(cells) { $0.metrics?[stage]?.mapValues(\.bitPattern) } }
        if stages.contains(where: { named.hasPrefix($0.stage + ".") && differs($0.stage) }) { return nil }
        let others = Headline.metrics(of: stages.filter { !$0.metrics.isEmpty && differs($0.stage) })
        return others.first { other in Self.differs(cells) { Self.value(other.name, of: $0)?.bitPattern } }?.name
    }

    /// Whether the settings differ. Compared within a replicate, because other seeds change everything.
    private static func differs<Seen: Equatable>(_ cells: [SweepCellOutcome], _ look: (SweepCellOutcome) -> Seen)
        -> Bool
    {
        var seen: [Int: Seen] = [:]
        return cells.contains { cell in
            let own = look(cell), first = seen[cell.cell.replicate] ?? own
            seen[cell.cell.replicate] = first
            return own != first
        }
    }
}
