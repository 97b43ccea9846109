import SentioKit
import SentioSpec

/// Groups copies of a stage into one line: ten folds of `cv.ridge` become one row.
struct Rows {
    private let rowOf: [String: String]
    private let counts: [String: Int]

    /// - Parameter stages: the stages shown; a copy that is alone keeps its own name.
    init(_ stages: [String], _ graph: StageGraph) {
        self.init(stages.map { ($0, graph[$0]?.group?.row) })
    }

    init(_ stages: [(name: String, row: String?)]) {
        var counts: [String: Int] = [:]
        for stage in stages { counts[stage.row ?? stage.name, default: 0] += 1 }
        self.counts = counts
        rowOf = Dictionary(stages.map { ($0.name, $0.row ?? $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    func count(of row: String) -> Int { counts[row] ?? 0 }

    /// The row of a stage; its own name if it is alone.
    func row(of stage: String) -> String {
        guard let row = rowOf[stage], count(of: row) > 1 else { return stage }
        return row
    }

    /// Elements by row, in the order in which the rows first appear.
    func collapse<Element>(_ elements: [Element], name: (Element) -> String) -> [(row: String, elements: [Element])] {
        var places: [String: Int] = [:], rows: [(row: String, elements: [Element])] = []
        for element in elements {
            let row = row(of: name(element))
            if let place = places[row] {
                rows[place].elements.append(element)
            } else {
                places[row] = rows.count
                rows.append((row, [element]))
            }
        }
        return rows
    }

    /// The combined reasons of the copies of a stage: each cause once, and the stages that they wait for by their
    /// common names.
    func merged(_ reasons: [RunReason]) -> RunReason {
        var causes: [RunCause] = []
        for cause in reasons.flatMap(\.causes) {
            var cause = cause
            if case .upstream(let stages) = cause {
                var seen: Set<String> = []
                cause = .upstream(stages.map(row(of:)).filter { seen.insert($0).inserted })
            }
            if !causes.contains(cause) { causes.append(cause) }
        }
        let waits = causes.flatMap { cause -> [String] in if case .upstream(let stages) = cause { stages } else { [] } }
        guard waits.count > 1, causes.count > 1 else { return RunReason(causes) }
        var seen: Set<String> = []
        let others = causes.filter { if case .upstream = $0 { false } else { true } }
        return RunReason(others + [.upstream(waits.filter { seen.insert($0).inserted })])
    }
}
