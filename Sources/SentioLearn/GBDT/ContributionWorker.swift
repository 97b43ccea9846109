/// Adds up the SHAP values of trees for a range of rows.
struct ContributionWorker {
    /// The table, features x all rows.
    let columns: UnsafeBufferPointer<Float>
    /// The sums, (features + 1) x all rows; the last row is the base value.
    let sums: UnsafeMutableBufferPointer<Double>
    let rowCount: Int
    let rows: Range<Int>
    let features: Int
    private var masks: [UInt16]

    /// The longest path, in features n, for which a table of all 2^n combinations of fulfilled conditions is used.
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

    /// - Precondition: the arrays form one tree over the features.
    mutating func add(_ tree: RegressionTree) {
        let problem = tree.structureProblem(featureCount: features)
        precondition(problem == nil, "A tree \(problem ?? "").")
        var expectation = 0.0
        LeafPath.forEachLeaf(of: tree, features: features) { path in
            var shapley = ShapleyPath(path)
            expectation += shapley.expectation
            let count = path.elements.count
            // With few rows per combination, computing each row by itself is cheaper. The bits are the same either way.
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
        let combinations = 1 << count
        let table = [Double](unsafeUninitializedCapacity: combinations * count) { table, initialized in
            for combination in 0..<combinations {
                shapley.values(
                    { combination >> $0 & 1 == 1 },
                    { element, value in table[element * combinations + combination] = value })
            }
            initialized = combinations * count
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
                    for row in masks.indices { sums[start + row] += table[place * combinations + Int(masks[row])] }
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
