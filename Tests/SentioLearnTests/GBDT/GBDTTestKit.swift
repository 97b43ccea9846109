import SentioLearn
import SentioNumerics

/// Walks trees by their thresholds, row by row: what every reader of a model does.
enum GBDTTestKit {
    static func predict(_ model: GBDTModel, _ features: Matrix, target: Int = 0) -> [Float] {
        (0..<features.rows).map { row in
            model.ensembles[target].reduce(model.baseScores[target]) {
                $0 + leaf($1, features.row(row).map { Float($0) })
            }
        }
    }

    static func leaf(_ tree: RegressionTree, _ row: [Float]) -> Float {
        var node = 0
        while !tree.isLeaf(node) {
            let value = row[Int(tree.features[node])]
            let isLeft = value.isNaN ? tree.defaultLeft[node] : value < tree.thresholds[node]
            node = Int(isLeft ? tree.left[node] : tree.right[node])
        }
        return tree.values[node]
    }

    /// Normal features, and a target of steps, sines and noise.
    static func table(_ rows: Int, _ columns: Int, targets: Int = 1, stream: UInt64 = 1) -> (x: Matrix, y: Matrix) {
        let x = normalTable(rows, columns, stream: stream)
        let noise = normalTable(rows, targets, stream: stream + 1000)
        var y = Matrix(rows: rows, columns: targets)
        for row in 0..<rows {
            for target in 0..<targets {
                let first = x[row, target % columns], second = x[row, (target + 1) % columns]
                y[row, target] = 5 + first + (second > 0.3 ? 1.5 : 0) * first + 0.3 * noise[row, target]
            }
        }
        return (x, y)
    }

    static func meanSquare(_ predictions: [Float], _ y: Matrix, target: Int = 0) -> Double {
        let squares = predictions.indices.map {
            (Double(predictions[$0]) - y[$0, target]) * (Double(predictions[$0]) - y[$0, target])
        }
        return squares.reduce(0, +) / Double(predictions.count)
    }
}
