import SentioEngine

/// Lines in which the copies of one stage in the file stand together: ten folds of `cv.ridge` are one line.
struct Rows {
    private let rowOf: [String: String]
    private let counts: [String: Int]

    /// - parameter stages: those that are shown; a lone copy keeps its own name.
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

    /// The line of a stage; its own name where it stands alone.
    func row(of stage: String) -> String {
        guard let row = rowOf[stage], count(of: row) > 1 else { return stage }
        return row
    }

    /// Elements by line, in the order in which the lines first come.
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
}
