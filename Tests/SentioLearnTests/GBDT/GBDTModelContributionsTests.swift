import Foundation
import SentioLearn
import SentioNumerics
import Testing

@Suite struct GBDTModelContributionsTests {
    @Test(arguments: XGBoostFixture.names)
    func areThoseOfXGBoost(_ name: String) throws {
        let fixture = try XGBoostFixture.named(name)
        let model = try fixture.read().model
        for (target, contributions) in try model.contributions(fixture.table).enumerated() {
            let expected = Matrix(fixture.contributions.map { $0[target] })
            #expect(difference(contributions, expected) < 2e-6)
            // What they explain is the prediction.
            let sums = (0..<contributions.rows).map { contributions.row($0).reduce(0, +) }
            #expect(difference(sums, fixture.predictions.map { $0[target] }) < 2e-6)
        }
    }

    /// By definition: the mean over all orders in which features become known.
    @Test func areTheMeanOverAllOrders() throws {
        let fixture = try XGBoostFixture.named("squared")
        let model = try fixture.read().model
        let tree = model.ensembles[0][0]
        let one = GBDTModel(
            features: model.features, targets: ["y"], loss: .squared, baseScores: [0], ensembles: [[tree]])
        let row = Array(fixture.table.row(2))
        func expected(_ known: Set<Int>, _ node: Int = 0) -> Double {
            if tree.isLeaf(node) { return Double(tree.values[node]) }
            let (left, right) = (Int(tree.left[node]), Int(tree.right[node]))
            if known.contains(Int(tree.features[node])) {
                let value = Float(row[Int(tree.features[node])])
                let goesLeft = value.isNaN ? tree.defaultLeft[node] : value < tree.thresholds[node]
                return expected(known, goesLeft ? left : right)
            }
            let (a, b) = (Double(tree.covers[left]), Double(tree.covers[right]))
            return (a * expected(known, left) + b * expected(known, right)) / Double(tree.covers[node])
        }
        var sums = [Double](repeating: 0, count: 6)
        for (feature, subset) in (0..<5).flatMap({ feature in (0..<32).map { (feature, $0) } })
        where subset >> feature & 1 == 0 {
            let known = Set((0..<5).filter { subset >> $0 & 1 == 1 })
            let weight = [0.2, 0.05, 1.0 / 30, 0.05, 0.2][known.count]
            sums[feature] += weight * (expected(known.union([feature])) - expected(known))
        }
        sums[5] = expected([])
        #expect(difference(Array(try one.contributions(fixture.table)[0].row(2)), sums) < 1e-12)
    }

    @Test func aStumpByHand() throws {
        // Mean (-1 + 3) / 4 = 0.5; a song on the left is 1.5 below it, one on the right 0.5 above.
        let contributions = try stumps([stump()]).contributions(Matrix([[-1, 9], [1, 9], [.nan, 9]]))
        #expect(contributions == [Matrix([[-1.5, 0, 1], [0.5, 0, 1], [-1.5, 0, 1]])])
    }

    /// A few rows are computed one by one, many by tables, and threads cut the rows elsewhere: the bits are the same.
    @Test func rowsAndThreadsDoNotMatter() throws {
        let fixture = try XGBoostFixture.named("squared")
        let model = try fixture.read().model
        let order = (0..<130).map { $0 * 5 % 12 }
        let many = try model.contributions(fixture.table.selecting(rows: order))
        #expect(try model.contributions(fixture.table.selecting(rows: order), threads: 7) == many)
        for row in 0..<12 {
            let alone = try model.contributions(fixture.table.selecting(rows: [row]), threads: 3)
            for target in 0..<2 {
                #expect(Array(many[target].row(order.firstIndex(of: row)!)) == Array(alone[target].row(0)))
            }
        }
    }

    @Test func withoutCoverRowsOrTrees() throws {
        let blank = try stumps([stump(covers: [0, 0, 0])]).contributions(Matrix([[-1, 0]]))
        #expect(blank == [Matrix([[-1, 0, 0.5]])])
        #expect(try stumps([]).contributions(Matrix([[1, 2]])) == [Matrix([[0, 0, 0.5]])])
        let none = try stumps([stump()]).contributions(Matrix(rows: 0, columns: 2), threads: 4)
        #expect(none.map(\.rows) == [0] && none.map(\.columns) == [3])
    }
}
