import SentioLearn
import SentioNumerics
import Testing

/// What must hold whatever the numbers are.
@Suite struct GBDTPropertyTests {
    private func options(_ change: (inout GBDT) -> Void = { _ in }) -> GBDT {
        var options = GBDT()
        options.rounds = 12
        options.maxDepth = 4
        options.learningRate = 0.2
        change(&options)
        return options
    }

    static let losses: [GBDTLoss] = [.squared, .absolute, .huber(slope: 0.7), .quantile(alpha: 0.3)]
    /// The formulas of the losses, of the difference prediction - target.
    static let formulas: [@Sendable (Double) -> Double] = [
        { $0 * $0 / 2 }, { $0.magnitude }, { 0.7 * 0.7 * ((1 + $0 * $0 / 0.7 / 0.7).squareRoot() - 1) },
        { $0 >= 0 ? 0.7 * $0 : -0.3 * $0 },
    ]

    @Test(arguments: losses) func threadsChangeNoBit(loss: GBDTLoss) throws {
        let (x, y) = GBDTTestKit.table(300, 37, targets: 3)
        let options = options {
            $0.loss = loss
            $0.subsample = 0.7
            $0.columnSampleByTree = 0.6
            $0.columnSampleByLevel = 0.8
            $0.columnSampleByNode = 0.7
            $0.seed = 5
        }
        let one = try options.fit(features: x, targets: y, threads: 1)
        for threads in [2, 3, 5] { #expect(try options.fit(features: x, targets: y, threads: threads) == one) }
        #expect(one.model.ensembles[0] != one.model.ensembles[1])
    }

    /// Large enough that single nodes are worked on by several threads.
    @Test func threadsChangeNoBitOfALargeTable() throws {
        let (x, y) = GBDTTestKit.table(9000, 34)
        let options = options { $0.rounds = 2 }
        let one = try options.fit(features: x, targets: y, threads: 1)
        for threads in [2, 3, 5] { #expect(try options.fit(features: x, targets: y, threads: threads) == one) }
    }

    @Test(arguments: losses) func orderOfRowsChangesNoTree(loss: GBDTLoss) throws {
        let (x, y) = GBDTTestKit.table(500, 7)
        var generator = Philox(key: 3)
        let order = generator.permutation(500)
        let options = options { $0.loss = loss }
        let fit = try options.fit(features: x, targets: y)
        #expect(
            try options.fit(features: x.selecting(rows: order), targets: y.selecting(rows: order)).model == fit.model)
    }

    @Test func powersOfTwoScaleTheThresholds() throws {
        let (x, y) = GBDTTestKit.table(400, 6)
        let scales = [8, 0.25, 1, 1024, 0x1p-20, 2]
        let scaled = Matrix(rows: 400, columns: 6, values: x.values.enumerated().map { $1 * scales[$0 % 6] })
        var model = try options().fit(features: x, targets: y).model
        let other = try options().fit(features: scaled, targets: y).model
        for index in model.ensembles[0].indices {
            var tree = model.ensembles[0][index]
            for node in tree.features.indices where !tree.isLeaf(node) {
                tree.thresholds[node] *= Float(scales[Int(tree.features[node])])
            }
            #expect(tree == other.ensembles[0][index])
        }
        // And of the target: every leaf.
        let doubled = Matrix(rows: 400, columns: 1, values: y.values.map { $0 * 4 })
        model = try options().fit(features: x, targets: doubled).model
        let single = try options().fit(features: x, targets: y).model
        let (alpha, beta) = (GBDTTestKit.predict(model, x), GBDTTestKit.predict(single, x).map { $0 * 4 })
        #expect(difference(alpha.map(Double.init), beta.map(Double.init)) < 1e-5)
    }

    @Test(arguments: zip(losses, formulas))
    func predictionsByThresholdsAreThoseOfTheFit(loss: GBDTLoss, formula: @Sendable (Double) -> Double) throws {
        // Doubles that single precision rounds, many of them to the same value.
        let (x, y) = GBDTTestKit.table(700, 5)
        let close = Matrix(rows: 700, columns: 5, values: x.values.map { 1 + $0 * 1e-6 })
        let options = options {
            $0.loss = loss
            $0.subsample = 0.5
            $0.maxBins = 64
        }
        let fit = try options.fit(features: close, targets: y, validation: (close, y))
        let predictions = GBDTTestKit.predict(fit.model, close)
        var sum = 0.0
        for row in 0..<700 { sum += formula(Double(predictions[row]) - Double(Float(y[row, 0]))) }
        #expect(difference([fit.curves[0].training.last ?? .nan], [sum / 700]) < 1e-6)
        #expect(difference([fit.curves[0].validation.last ?? .nan], [sum / 700]) < 1e-6)
    }

    @Test(arguments: [1, -1]) func monotoneFeaturesHoldEverywhere(direction: Int) throws {
        var (x, y) = GBDTTestKit.table(400, 4)
        for row in 0..<400 where row % 9 == 0 { x[row, 2] = .nan }
        for row in 0..<400 {
            y[row, 0] += Double(direction) * x[row, 0] * 2 + (x[row, 0] > 0.5 ? -3 : 0) * Double(direction)
        }
        let options = options {
            $0.rounds = 40
            $0.monotone = ["f0": direction]
        }
        let model = try options.fit(features: x, targets: y).model
        let probes = normalTable(60, 4, stream: 77)
        var free = 0
        for probe in 0..<60 {
            var rows = Matrix(rows: 40, columns: 4)
            for row in 0..<40 {
                for column in 0..<4 {
                    rows[row, column] = column == 0 ? -3 + 0.15 * Double(row) : probes[probe, column]
                }
            }
            let line = GBDTTestKit.predict(model, rows)
            for (low, high) in zip(line, line.dropFirst()) { #expect((high - low) * Float(direction) >= 0) }
            let unbound = GBDTTestKit.predict(try options.free.fit(features: x, targets: y).model, rows)
            if zip(unbound, unbound.dropFirst()).contains(where: { ($1 - $0) * Float(direction) < 0 }) { free += 1 }
            if probe == 3 { break }
        }
        #expect(free > 0, "The table would be fitted monotonically without the rule.")
    }

    @Test func columnsThatWereNotDrawnAreNotUsed() throws {
        let (x, y) = GBDTTestKit.table(200, 40)
        let options = options { $0.columnSampleByTree = 0.1 }
        let fit = try options.fit(features: x, targets: y)
        var all: Set<Int32> = []
        for tree in fit.model.ensembles[0] {
            let used = Set(tree.features.filter { $0 >= 0 })
            #expect(used.count <= 4)
            all.formUnion(used)
        }
        #expect(all.count > 10)
    }

    @Test func seedsDrawOtherRows() throws {
        let (x, y) = GBDTTestKit.table(200, 4)
        let first = try options { $0.subsample = 0.5 }.fit(features: x, targets: y)
        let again = try options { $0.subsample = 0.5 }.fit(features: x, targets: y)
        let other = try options {
            $0.subsample = 0.5
            $0.seed = 1
        }.fit(features: x, targets: y)
        #expect(first == again)
        #expect(first.model != other.model)
        #expect(first.model.ensembles[0].allSatisfy { $0.covers[0] == 100 })
    }
}

extension GBDT {
    fileprivate var free: GBDT {
        var options = self
        options.monotone = [:]
        return options
    }
}
