import Foundation
import Testing

/// A history may come from anywhere: no number in it ends the program.
@Suite struct HostileHistoryTests {
    private static let statements = [
        "UPDATE runs SET started_at = 1e300, seen_at = 1e300", "UPDATE runs SET started_at = -1e300, seen_at = -1e300",
        "UPDATE runs SET started_at = 9e999, seen_at = 9e999, ended_at = 9e999, seconds = 9e999",
        "UPDATE runs SET seconds = 1e300, ended_at = 1e300",
        "UPDATE runs SET seed = -9223372036854775808, stages = 9223372036854775807, executed = 9223372036854775807, cached = 9223372036854775807, failed = 9223372036854775807, skipped = 9223372036854775807, replicate = 9223372036854775807",
        "UPDATE stage_executions SET seconds = 1e300, items_total = 9223372036854775807, items_executed = 9223372036854775807, items_cached = 9223372036854775807",
        "UPDATE stage_executions SET seconds = 9e999", "UPDATE metrics SET value = 1e300",
        "UPDATE metrics SET value = 9e999",
        "UPDATE metrics SET value = -9e999", "UPDATE metrics SET value = NULL",
        "UPDATE item_predictions SET truth = 1e300, predicted = -1e300",
        "UPDATE item_predictions SET truth = 9e999, predicted = -9e999", "UPDATE test_looks SET looked_at = 1e300",
        "INSERT INTO runs (number, id, pipeline, file, seed, replicate, status, started_at, seen_at, process_id, host, arguments, environment, stages) VALUES (-9223372036854775808, 'x', 'p', 'f', 0, 0, 'running', 0, 1e300, 9223372036854775807, 'h', '[]', '{}', 0)",
    ]

    private static let commands = [
        ["runs", "list"], ["runs", "list", "--json"], ["runs", "show", "first"], ["runs", "show", "first", "--json"],
        ["runs", "ledger"],
        ["runs", "export", "--all"],
        ["runs", "export", "--all", "--format", "latex"], ["runs", "query", "SELECT * FROM v_runs"],
        ["compare", "first", "first"],
        ["report", "first", "-o", "-"], ["runs", "export", "first", "--format", "mlflow", "-o", "mlflow.db"],
        ["artifacts", "list"],
        ["runs", "list", "--filter", "seconds > 1 and started > 7d"],
    ]

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "needs python3"),
        arguments: statements)
    func noNumberEndsTheProgram(statement: String) throws {
        let project = try DemoProject.copy()
        try project.write(
            """
            import sqlite3, sys
            db = sqlite3.connect("artifacts/runs.sqlite")
            db.execute("PRAGMA ignore_check_constraints = ON")
            db.execute(sys.argv[1])
            db.commit()

            """, to: "spoil.py")
        let spoiled = try project.shell("python3 spoil.py \"\(statement)\"")
        #expect(spoiled.exitCode == 0, "\(spoiled)")
        for command in Self.commands {
            let line = command.map { "'\($0)'" }.joined(separator: " ")
            let result = try project.shell("rm -f mlflow.db; \"$SENTIO\" \(line)")
            #expect(!result.wasKilled && (result.exitCode == 0 || result.exitCode == 1), "\(line): \(result)")
            #expect(result.exitCode == 0 || result.errors.hasPrefix("error: "), "\(line): \(result)")
        }
    }

    @Test func anEmptyKeyOfATagIsRefusedBeforeAnythingRuns() throws {
        let project = try DemoProject.copy()
        for line in [
            "run p.yaml --tag", "sweep p.yaml --matrix frames=16,32 --tag", "runs tag latest", "runs list --tag",
        ] {
            for tag in ["=x", "==x", " =x", "="] {
                let result = try project.shell("\"$SENTIO\" \(line) '\(tag)'")
                #expect(
                    result.exitCode == 64 && result.errors.contains("the key before `=` is empty"),
                    "\(line) \(tag): \(result)")
            }
            let none = try project.shell("\"$SENTIO\" \(line) 'x'")
            #expect(none.exitCode == 64 && none.errors.contains("write it as key=value"), "\(none)")
        }
        #expect(try project.sentio("runs", "query", "--csv", "SELECT count(*) FROM v_runs").lines.last == "1")
    }
}
