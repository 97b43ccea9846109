import Foundation
import Testing

/// `runs export` in every format.
@Suite struct RunsExportTests {
    private func rows(_ csv: String) -> [[String]] {
        csv.split(separator: "\n").map { $0.components(separatedBy: ",") }
    }

    @Test func csvHasARowARunWithParametersAndMetrics() throws {
        let export = try DemoProject.shared().sentio("runs", "export", "first")
        let table = rows(export.output)
        #expect(export.exitCode == 0 && table.count == 2)
        let names = table[0]
        #expect(names.prefix(2) == ["run", "name"] && names.contains("params.bands"))
        let column = try #require(names.firstIndex(of: "metrics.score.test.ccc"))
        let finished = try DemoProject.firstRun().finished["stages"][named: "score"]["metrics"]["test.ccc"].number
        // Foundation's reading of JSON is off by a last digit.
        #expect(abs((Double(table[1][column]) ?? .nan) - (finished ?? .nan)) < 1e-12)
    }

    @Test func longTables() throws {
        let project = try DemoProject.shared()
        let predictions = rows(try project.sentio("runs", "export", "--all", "--table", "predictions").output)
        #expect(predictions[0] == ["run", "stage", "port", "song_id", "set", "dimension", "truth", "predicted"])
        #expect(predictions.dropFirst().contains { $0[4] == "test" })
        let metrics = try project.sentio("runs", "export", "first", "--table", "metrics", "--format", "json").json
        #expect(metrics["rows"].list.contains { $0["stage"].text == "score" && $0["name"].text == "test.ccc" })
        let params = try project.sentio("runs", "export", "first", "--table", "params").output
        #expect(
            params.contains(",bands,16,p.yaml:4\n") && params.contains(",mels,n_mels,16,\n"), "\(params.prefix(400))")
    }

    @Test func markdownAndLaTeX() throws {
        let project = try DemoProject.copy()
        #expect(
            try project.sentio("run", "p.yaml", "-q", "--name", "50%_a&b", "--set", "bands=8", "--only", "mels")
                .exitCode == 0)
        let latex = try project.sentio("runs", "export", "--all", "--format", "latex").output
        #expect(latex.contains("\\begin{tabular}{ll") && latex.contains("\\toprule") && latex.contains("50\\%\\_a\\&b"))
        #expect(latex.contains("params.bands") && !latex.contains("params.frames"), "only what differs: \(latex)")
        let markdown = try project.sentio(
            "runs", "export", "--all", "--format", "markdown", "--columns", "params.bands,metrics.score.test.ccc",
            "--digits", "2"
        ).lines
        #expect(markdown.count == 4 && markdown[0] == "| run | name | params.bands | metrics.score.test.ccc |")
        #expect(
            markdown[1] == "| --- | --- | ---: | ---: |" && markdown[2].contains("50%\\_a&b")
                && markdown[2].hasSuffix("| 8 |  |"))
    }

    @Test func mlflowDatabaseIsWholeAndNeverOverwritten() throws {
        let project = try DemoProject.copy()
        let export = try project.sentio("runs", "export", "--all", "--format", "mlflow", "-o", "ml.db")
        #expect(export.exitCode == 0 && export.output.hasPrefix("exported 1 run with "), "\(export)")
        #expect(String(decoding: try project.read("ml.db").prefix(15), as: UTF8.self) == "SQLite format 3")
        let again = try project.sentio("runs", "export", "--all", "--format", "mlflow", "-o", "ml.db")
        #expect(again.exitCode == 1 && again.errors.contains("already exists"))
        #expect(try project.names(in: ".").filter { $0.contains("part") } == [])
        #expect(try project.sentio("runs", "export", "--all", "--format", "mlflow").exitCode == 64)
        #expect(try project.sentio("runs", "export", "--format", "csv").exitCode == 64)
    }
}
