import SentioLearn
import SentioNumerics
import Testing

/// Tables at the edge, early stopping, and the sentences of what cannot be fitted.
@Suite struct GBDTEdgeTests {
    private var options: GBDT {
        var options = GBDT()
        options.rounds = 5
        options.maxDepth = 3
        return options
    }

    @Test func oneRowIsALeaf() throws {
        let fit = try options.fit(features: Matrix([[1, 2]]), targets: Matrix([[7]]))
        #expect(fit.model.baseScores == [7])
        #expect(fit.model.ensembles[0].allSatisfy { $0.nodeCount == 1 && $0.values == [0] })
    }

    @Test func constantAndMissingColumnsAreNotSplit() throws {
        let (x, y) = GBDTTestKit.table(100, 3)
        let rows = (0..<100).map { [3, Double.nan, x[$0, 0], x[$0, 1]] }
        let fit = try options.fit(features: Matrix(rows), targets: y)
        let used = Set(fit.model.ensembles[0].flatMap(\.features))
        #expect(used.isSubset(of: [-1, 2, 3]))
        #expect(used.contains(2))
        let none = try options.fit(features: Matrix(rows.map { Array($0[..<2]) }), targets: y)
        #expect(none.model.ensembles[0].allSatisfy { $0.nodeCount == 1 })
    }

    @Test func missingAgainstPresentIsASplit() throws {
        let x = Matrix((0..<20).map { [$0 < 10 ? Double.nan : 1] }), y = Matrix((0..<20).map { [$0 < 10 ? 0.0 : 8] })
        let tree = try options.fit(features: x, targets: y).model.ensembles[0][0]
        #expect(tree.nodeCount == 3)
        #expect(GBDTTestKit.leaf(tree, [.nan]) < 0)
        #expect(GBDTTestKit.leaf(tree, [1]) > 0)
        #expect(GBDTTestKit.leaf(tree, [1e30]) > 0)
    }

    @Test func wideTablesAndTwinsAreFitted() throws {
        let (x, y) = GBDTTestKit.table(12, 60)
        let twice = Matrix((0..<24).map { Array(x.row($0 / 2)) }), targets = Matrix((0..<24).map { [y[$0 / 2, 0]] })
        var deep = options
        deep.rounds = 60
        let fit = try deep.fit(features: twice, targets: targets)
        #expect(GBDTTestKit.meanSquare(GBDTTestKit.predict(fit.model, twice), targets) < 0.01)
    }

    @Test func manyDistinctValuesAreQuantiles() throws {
        // Heavy ties, then a tail: bins stay about equal, and no more than asked for.
        let values = (0..<4000).map { $0 < 2000 ? 0.0 : Double($0) }
        let y = Matrix(values.map { [($0 / 300).rounded(.down)] })
        var fine = options
        fine.maxBins = 9
        fine.maxDepth = 0
        fine.maxLeaves = 64
        fine.minChildWeight = 0
        fine.rounds = 1
        let tree = try fine.fit(features: Matrix(column: values), targets: y).model.ensembles[0][0]
        let thresholds = tree.thresholds.filter { $0 != 0 }.sorted()
        #expect(thresholds.count == 8)
        #expect(thresholds.first == 2000)
        #expect(zip(thresholds, thresholds.dropFirst()).allSatisfy { (240...260).contains($1 - $0) })
    }

    @Test func earlyStoppingKeepsTheBestRound() throws {
        let (x, y) = GBDTTestKit.table(300, 8, targets: 2)
        let (vx, vy) = GBDTTestKit.table(100, 8, targets: 2, stream: 9)
        var stopping = options
        stopping.rounds = 400
        stopping.maxDepth = 5
        stopping.earlyStoppingRounds = 7
        var rounds: [GBDTRound] = []
        let fit = try stopping.fit(features: x, targets: y, validation: (vx, vy)) { rounds.append($0) }
        for target in 0..<2 {
            let curve = fit.curves[target]
            #expect(curve.training.count == curve.validation.count)
            #expect(curve.validation.count == curve.bestRound + 7)
            #expect(curve.validation[curve.bestRound - 1] == curve.validation.min())
            #expect(fit.model.ensembles[target].count == curve.bestRound)
            let error = GBDTTestKit.meanSquare(GBDTTestKit.predict(fit.model, vx, target: target), vy, target: target)
            #expect(difference([error / 2], [curve.validation[curve.bestRound - 1]]) < 1e-5)
        }
        #expect(rounds.map(\.round) == Array(1...rounds.count))
        #expect(rounds.count == fit.curves.map(\.validation.count).max())
        #expect(rounds[2].validationLoss == fit.curves.map { $0.validation[2] })
    }

    @Test func theCallerMayEndTheFit() throws {
        struct Ended: Error {}
        let (x, y) = GBDTTestKit.table(50, 3)
        #expect(throws: Ended.self) {
            try options.fit(features: x, targets: y) { if $0.round == 3 { throw Ended() } }
        }
    }

    @Test(arguments: [Double.infinity, -1e300]) func whatSinglePrecisionCannotHoldIsRefused(value: Double) {
        var (x, y) = GBDTTestKit.table(20, 3)
        x[7, 2] = value
        let expected = LearnError.notSingle(table: "features", row: 7, rowName: "song7", column: "f2", value: value)
        #expect(throws: expected) {
            try options.fit(features: x, targets: y, songs: (0..<20).map { "song\($0)" })
        }
    }

    @Test func aTargetThatIsNoNumberIsRefused() {
        var (x, y) = GBDTTestKit.table(20, 3)
        y[4, 0] = .nan
        #expect {
            try options.fit(features: x, targets: y)
        } throws: { error in
            "\(error)".hasPrefix(
                "The targets contain nan in row 4, column \"y0\"; every value must be a finite number.")
        }
        x = Matrix(rows: 0, columns: 3)
        #expect(throws: LearnError.rowMismatch(first: "features", firstRows: 0, second: "targets", secondRows: 20)) {
            try options.fit(features: x, targets: y)
        }
    }

    @Test func parametersOutOfRangeAreRefused() {
        let (x, y) = GBDTTestKit.table(20, 3)
        let changes: [(String, (inout GBDT) -> Void)] = [
            ("rounds", { $0.rounds = 0 }), ("learningRate", { $0.learningRate = 1.5 }),
            ("maxDepth", { $0.maxDepth = 0 }),
            ("maxLeaves", { $0.maxLeaves = 1 }), ("minChildWeight", { $0.minChildWeight = -1 }),
            ("minSplitLoss", { $0.minSplitLoss = .nan }), ("lambda", { $0.lambda = -1 }),
            ("alpha", { $0.alpha = .infinity }),
            ("subsample", { $0.subsample = 0 }), ("columnSampleByTree", { $0.columnSampleByTree = 1.1 }),
            ("columnSampleByLevel", { $0.columnSampleByLevel = 0 }),
            ("columnSampleByNode", { $0.columnSampleByNode = -1 }),
            ("maxBins", { $0.maxBins = 257 }), ("monotone", { $0.monotone = ["tempo": 1] }),
            ("monotone[f1]", { $0.monotone = ["f1": 2] }), ("earlyStoppingRounds", { $0.earlyStoppingRounds = 3 }),
            ("quantile", { $0.loss = .quantile(alpha: 1) }), ("slope", { $0.loss = .huber(slope: 0) }),
            (
                "monotone",
                {
                    $0.loss = .absolute
                    $0.monotone = ["f1": 1]
                }
            ),
        ]
        for (name, change) in changes {
            var options = options
            change(&options)
            #expect {
                try options.fit(features: x, targets: y)
            } throws: { error in
                if case LearnError.badParameter(name, _, _) = error { true } else { false }
            }
        }
    }
}
