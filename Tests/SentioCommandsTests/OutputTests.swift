import Foundation
import Testing

/// Results arrive, or the exit code says no.
@Suite struct OutputTests {
    /// Every command that prints a result.
    static let commands = [
        "run p.yaml", "run p.yaml --json", "plan p.yaml", "plan p.yaml --json", "why p.yaml score", "lint p.yaml",
        "graph p.yaml",
        "graph p.yaml --format mermaid", "graph p.yaml --format dot", "config p.yaml --resolved --origin",
        "config p.yaml --json", "stages",
        "stages ridge", "stages --json", "schema", "completion bash", "runs", "runs list --json", "runs show",
        "runs show --json",
        "runs query 'SELECT * FROM v_runs'", "runs query 'SELECT * FROM v_runs' --csv",
        "runs query 'SELECT 1 AS one' --json",
        "runs export --all", "runs export --all --format json", "runs export --all --format markdown", "runs ledger",
        "runs sweeps",
        "runs tag latest a=b", "compare latest latest", "report latest -o -", "artifacts list", "artifacts list --json",
        "artifacts show score.scores", "artifacts verify", "artifacts verify --json", "artifacts du",
        "artifacts gc --dry-run",
        "artifacts tainted", "artifacts export score.scores --to exported", "--help", "--version", "run --help",
        "help artifacts",
    ]

    @Test func aFullDiskIsSaid() throws {
        let project = try DemoProject.copy()
        for command in Self.commands {
            let result = try project.shell("\"$SENTIO\" \(command) > /dev/full")
            #expect(result.exitCode == 1, "\(command): \(result)")
            #expect(
                result.errors.contains(
                    "error: Standard output cannot be written: no space left on device. The output is incomplete."
                ),
                "\(command): \(result)")
        }
    }

    @Test func aReaderThatHasEnoughIsNoError() throws {
        let project = try DemoProject.copy()
        for command in Self.commands {
            // The reader is gone before the first line is written.
            let result = try project.shell("set -o pipefail; { sleep 0.05; \"$SENTIO\" \(command) 2> errors; } | true")
            #expect(result.exitCode == 141 && !result.wasKilled, "\(command): \(result)")
            let errors = String(decoding: try project.read("errors"), as: UTF8.self)
            #expect(!errors.contains("error") && !errors.contains("pipe"), "\(command): \(errors)")
        }
    }

    /// A run is not worth less because nobody reads about it.
    @Test func aRunGoesOnWithoutAReader() throws {
        let project = try CommandLineProject()
        try project.write("stages: { a: { uses: command, cmd: \"echo 1 > a\", outs: [a] } }\n", to: "p.yaml")
        let result = try project.shell("set -o pipefail; \"$SENTIO\" run p.yaml --json | true")
        #expect(result.exitCode == 141 || result.exitCode == 0, "\(result)")
        #expect(try project.sentio("plan", "p.yaml", "--exit-code").exitCode == 0)
    }

    @Test func whatSaysNoAlreadySaysNo() throws {
        let project = try CommandLineProject()
        try project.write("stages: { a: { uses: command, cmd: \"exit 1\" } }\n", to: "p.yaml")
        #expect(try project.shell("\"$SENTIO\" plan p.yaml --exit-code > /dev/full").exitCode == 1)
        #expect(try project.shell("\"$SENTIO\" lint q.yaml > /dev/full").exitCode == 3)
        #expect(try project.shell("\"$SENTIO\" runs list --frobnicate > /dev/full").exitCode == 64)
    }

    /// The next file that is opened would be descriptor 1, and results would be printed into the database.
    @Test func standardOutputThatIsClosedIsNoDatabase() throws {
        let project = try DemoProject.copy()
        let list = try project.shell("\"$SENTIO\" runs list >&-")
        #expect(list.exitCode == 1 && list.errors.contains("Standard output cannot be written"), "\(list)")
        let run = try project.shell("\"$SENTIO\" run p.yaml --force score >&- 2>&- <&-")
        #expect(run.exitCode == 1)
        #expect(try project.sentio("runs", "query", "--csv", "SELECT count(*) FROM v_runs").output == "count(*)\n2\n")
    }

    // MARK: Cells that a spreadsheet would execute

    @Test func safeCSVDisarmsFormulas() throws {
        let project = try DemoProject.copy()
        let cells = [
            "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\tx", "-1.5", "+3", "-1e-5", "-inf", "plain", "1=1",
        ]
        let sql =
            "SELECT "
            + cells.enumerated().map { "'\($1.replacing("'", with: "''"))' AS c\($0)" }.joined(separator: ", ")
        let safe = try project.sentio("runs", "query", sql, "--csv", "--safe-csv").output
        #expect(
            safe.split(separator: "\n").last
                == "'=1+1,'+cmd|' /C calc'!A0,'-2+3,'@SUM(1),\"'\tx\",-1.5,+3,-1e-5,'-inf,plain,1=1"
                || safe.contains("'=1+1,'+cmd|' /C calc'!A0,'-2+3,'@SUM(1),'\tx,-1.5,+3,-1e-5,'-inf,plain,1=1"),
            "\(safe)")
        #expect(
            try project.sentio("runs", "query", sql, "--csv").output.contains("\n=1+1,"),
            "as it is, where nothing else is asked for")
        try project.sentio("runs", "note", "latest", "=HYPERLINK(1)")
        let export = try project.sentio("runs", "export", "--all", "--safe-csv")
        #expect(export.output.contains(",'=HYPERLINK(1)") && !export.output.contains(",=HYPERLINK"), "\(export)")
        #expect(try project.sentio("runs", "export", "--all", "--format", "json", "--safe-csv").exitCode == 64)
    }
}
