/// Adds the SHAP values of one tree after the other, for some of the rows.
struct ContributionWorker {
    /// Features x all rows.
    let columns: UnsafeBufferPointer<Float>
    /// (Features + 1) x all rows.
    let sums: UnsafeMutableBufferPointer<Double>
    let rowCount: Int
    let rows: Range<Int>
    let features: Int
    private var masks: [UInt16]

    /// A path of so many features has a table of all 2^n ways to go along; it is worth it even for a few rows.
    private static let tableLimit = 10

    init(
        columns: UnsafeBufferPointer<Float>, sums: UnsafeMutableBufferPointer<Double>, rowCount: Int, rows: Range<Int>,
        features: Int
    ) {
        self.columns = columns
        self.sums = sums
        self.rowCount = rowCount
        self.rows = rows
        self.features = features
        masks = [UInt16](repeating: 0, count: rows.count)
    }

    func addBase(_ value: Double) {
        for row in rows { sums[features * rowCount + row] += value }
    }

    /// - Precondition: the tree is one tree over the features.
    mutating func add(_ tree: RegressionTree) {
        let problem = tree.structureProblem(featureCount: features)
        precondition(problem == nil, "A tree \(problem ?? "").")
        var expectation = 0.0
        LeafPath.forEachLeaf(of: tree, features: features) { path in
            var shapley = ShapleyPath(path)
            expectation += shapley.expectation
            let count = path.elements.count
            // The limit by rows: with fewer rows than ways, each row by itself costs less. Same bits either way.
            if count <= Self.tableLimit, 1 << count <= 4 * rows.count {
                addByTable(path, &shapley)
            } else {
                addByRow(path, &shapley)
            }
        }
        addBase(expectation)
    }

    private mutating func addByTable(_ path: LeafPath, _ shapley: inout ShapleyPath) {
        let count = path.elements.count
        let ways = 1 << count
        let table = [Double](unsafeUninitializedCapacity: ways * count) { table, initialized in
            for way in 0..<ways {
                shapley.values({ way >> $0 & 1 == 1 }, { element, value in table[element * ways + way] = value })
            }
            initialized = ways * count
        }
        masks.withUnsafeMutableBufferPointer { masks in
            masks.update(repeating: 0)
            for (place, element) in path.elements.enumerated() {
                let values = columns[(element.feature * rowCount + rows.lowerBound)...]
                let bit = UInt16(1) << UInt16(place)
                let (lowest, highest, missing) = (element.lowest, element.highest, element.takesMissing)
                for row in masks.indices {
                    let value = values[values.startIndex + row]
                    let goesAlong = value.isNaN ? missing : value >= lowest && value < highest
                    masks[row] |= goesAlong ? bit : 0
                }
            }
            table.withUnsafeBufferPointer { table in
                for (place, element) in path.elements.enumerated() {
                    let start = element.feature * rowCount + rows.lowerBound
                    for row in masks.indices { sums[start + row] += table[place * ways + Int(masks[row])] }
                }
            }
        }
    }

    private func addByRow(_ path: LeafPath, _ shapley: inout ShapleyPath) {
        for row in rows {
            shapley.values(
                { place in
                    let element = path.elements[place]
                    let value = columns[element.feature * rowCount + row]
                    return value.isNaN ? element.takesMissing : value >= element.lowest && value < element.highest
                },
                { place, value in sums[path.elements[place].feature * rowCount + row] += value })
        }
    }
}
