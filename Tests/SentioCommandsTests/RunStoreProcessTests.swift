import Foundation
import Testing

/// The history as several processes use it at once, and where it may not be written.
@Suite struct RunStoreProcessTests {
    /// Readers list, query and export in loops beside processes that write; nobody waits for a lock, nothing is lost.
    @Test func readersAndWritersDoNotMeet() throws {
        let project = try CommandLineProject()
        let cells = (0..<20).map(String.init).joined(separator: ", ")
        try project.write(
            """
            pipeline: busy
            params: { n: 0 }
            stages:
              work: { uses: command, cmd: "echo '{\\"n\\": ${n}, \\"twice\\": 2}' > m.json", outs: [m.json], metrics: [m.json] }
            sweep: { name: cells, parameters: { n: { values: [\(cells)] } } }

            """, to: "p.yaml")
        let read = """
            for i in $(seq 6); do
              $SENTIO runs list --last 0 --filter 'metrics.work.n >= 0' > list.$1 &&
              $SENTIO runs query 'SELECT count(*) FROM v_metrics' > query.$1 &&
              $SENTIO runs export --all --format json > export.$1 && $SENTIO runs note first "$i" || exit 9
            done
            """
        try project.write(read, to: "read.sh")
        #expect(try project.sentio("run", "p.yaml", "-q", "--name", "first").exitCode == 0)
        let both = try project.shell(
            "$SENTIO sweep p.yaml -q & sweep=$!; bash read.sh 1 & one=$!; bash read.sh 2 & two=$!; wait $sweep && wait $one && wait $two"
        )
        #expect(both.exitCode == 0 && !both.errors.contains("locked"), "\(both)")
        #expect(!both.errors.contains("warning") && !both.errors.contains("error"), "\(both)")
        let counts =
            "SELECT (SELECT count(*) FROM v_runs), (SELECT count(*) FROM v_metrics), (SELECT sum(value) FROM v_metrics WHERE name = 'n')"
        #expect(try project.sentio("runs", "query", "--csv", counts).lines.last == "21,42,190.0")
        #expect(try project.sentio("runs", "show", "first", "--json").json["note"].text == "6")
    }

    /// How to run a command as somebody who may write nothing here; nil where this process cannot become one.
    private static let asNobody: String? = {
        if geteuid() != 0 { return "" }
        let prefix = "setpriv --reuid=65534 --regid=65534 --clear-groups "
        let tried = try? CommandLineProject().shell("chmod 755 . && \(prefix) $SENTIO --version")
        return tried?.exitCode == 0 ? prefix : nil
    }()

    @Test(.enabled(if: asNobody != nil, "nobody else can run the binary"))
    func aHistoryThatMayOnlyBeReadIsRead() throws {
        let project = try DemoProject.copy(), prefix = try #require(Self.asNobody)
        defer { _ = try? project.shell("chmod -R u+w .") }
        // As a copy on a disk that is read-only: the file alone.
        try project.sentio("runs", "list")
        #expect(try project.names(in: "artifacts").filter { $0.hasPrefix("runs.sqlite") } == ["runs.sqlite"])
        try project.shell("chmod -R a+rX,a-w .")
        let list = try project.shell(prefix + "$SENTIO runs list")
        #expect(list.exitCode == 0 && list.output.contains("score.test.ccc"), "\(list)")
        #expect(try project.shell(prefix + "$SENTIO runs query 'SELECT count(*) FROM v_runs'").output.hasSuffix("1\n"))
        let tag = try project.shell(prefix + "$SENTIO runs tag first a=b")
        #expect(tag.exitCode == 1)
        #expect(
            tag.errors
                == "error: The run store artifacts/runs.sqlite is not writable: the file, its folder or the disk is read-only.\n"
        )
        #expect(try project.names(in: "artifacts").filter { $0.hasPrefix("runs.sqlite") } == ["runs.sqlite"])
    }
}
