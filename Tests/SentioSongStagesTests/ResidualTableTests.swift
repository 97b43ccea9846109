import SentioKit
import SentioNumerics
import SentioSongStages
import Testing

@Suite struct ResidualTableTests {
    private let truth = Matrix([[5, 6], [4.5, 3]]), predicted = Matrix([[5.25, 6], [4, 3.5]])

    @Test func whatIsWrittenIsRead() throws {
        let table = ResidualTable.make(
            songs: ["a", "b"], folds: [1, 0], dimensions: ["fold", "distance"], truth: truth, predicted: predicted,
            distances: [0.5, 1])
        #expect(
            table.columns == [
                "song_id", "fold", "distance", "fold_rated", "fold_predicted", "distance_rated", "distance_predicted",
            ])
        #expect(table.rows[0] == ["a", "1", "0.5", "5.0", "5.25", "6.0", "6.0"])
        let back = try #require(ResidualTable(table, dimensions: ["distance", "fold"]))
        #expect(back.truth.row(1) == [3, 4.5] && back.predictions.row(0) == [6, 5.25])
    }

    @Test func withoutDistancesThereIsNoColumn() {
        let table = ResidualTable.make(
            songs: ["a", "b"], folds: [1, 0], dimensions: ["x", "y"], truth: truth, predicted: predicted,
            distances: nil)
        #expect(table.columns == ["song_id", "fold", "x_rated", "x_predicted", "y_rated", "y_predicted"])
        #expect(ResidualTable(table, dimensions: ["x", "z"]) == nil)
    }

    @Test func aCellWithoutNumberIsNone() {
        for cell in ["", "nan", "inf", "x"] {
            let table = Table(columns: ["song_id", "x_rated", "x_predicted"], rows: [["a", "1", cell]])
            #expect(ResidualTable(table, dimensions: ["x"]) == nil)
        }
    }
}
