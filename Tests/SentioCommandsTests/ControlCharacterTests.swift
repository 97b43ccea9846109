import Foundation
import Testing

/// What comes from YAML, names, tags and logs does not steer a terminal; a pipe gets the bytes as they are.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "needs util-linux `script`"))
struct ControlCharacterTests {
    /// Clears the screen, sets its title, goes back to the start of the line; C1, and a turn of the direction of
    /// writing.
    static let evil = "\u{1B}[2J\u{1B}]0;title\u{07}\r\u{9B}31m\u{202E}"
    /// The same for YAML's double quotes.
    static let yaml = "\\e[2J\\e]0;title\\a\\r\\x9b31m\\u202e"

    private func project() throws -> CommandLineProject {
        let project = try CommandLineProject()
        try project.write(
            """
            pipeline: "p\(Self.yaml)"
            description: "d\(Self.yaml)"
            params: { text: "v\(Self.yaml)" }
            stages:
              songs: { uses: command, cmd: "printf 'log\\\\033[2J\\\\n'; printf 1 > 'out/a\\u202e.txt'", outs: [out] }
            expect: []

            """, to: "p.yaml")
        try project.write("stages:\n  a: { uses: \"no\(Self.yaml)\" }\n", to: "bad.yaml")
        try project.shell("mkdir -p out")
        return project
    }

    @Test func noneReachesATerminal() throws {
        let project = try project()
        let evil = Self.evil
        try project.write(evil, to: "evil.txt")
        let lines = [
            "run p.yaml --verbose --name \"$(cat evil.txt)\" --tag \"k=$(cat evil.txt)\"", "runs list",
            "runs list --json", "runs show",
            "runs query 'SELECT * FROM v_runs'", "runs query 'SELECT * FROM v_runs' --csv", "runs export --all",
            "runs note latest \"$(cat evil.txt)\"", "runs note latest", "plan p.yaml", "graph p.yaml", "config p.yaml",
            "why p.yaml songs",
            "artifacts list", "artifacts show songs.out", "lint bad.yaml", "compare latest latest",
            "runs tag latest \"t=$(cat evil.txt)\"",
            "why p.yaml \"$(cat evil.txt)\"", "runs show \"$(cat evil.txt)\"", "\"$(cat evil.txt)\"",
        ]
        for line in lines {
            for terminal in ["xterm", "dumb"] {
                try project.write("TERM=\(terminal) NO_COLOR=1 exec \"$SENTIO\" \(line)\n", to: "line.sh")
                let shown = try project.shell("script -qec 'bash line.sh' /dev/null").output.replacing(
                    "\r\n", with: "\n"
                )
                .replacing("\u{1B}[1A\u{1B}[J", with: "").replacing("\u{1B}[2A\u{1B}[J", with: "")
                let found = shown.unicodeScalars.filter {
                    $0.value < 0x20 && $0 != "\n" && $0 != "\t" || (0x7F...0x9F).contains($0.value)
                        || $0.value == 0x202E
                }
                #expect(
                    found.isEmpty && (!shown.isEmpty || line.hasPrefix("runs note latest \"")),
                    "\(line) on \(terminal): \(shown.debugDescription)")
            }
        }
    }

    @Test func aPipeGetsTheBytes() throws {
        let project = try project()
        try project.write(Self.evil, to: "evil.txt")
        try project.shell("\"$SENTIO\" run p.yaml --tag \"k=$(cat evil.txt)\"")
        let csv = try project.sentio("runs", "query", "SELECT value FROM v_tags", "--csv").output
        #expect(csv == "value\n\"\(Self.evil)\"\n", "\(csv.debugDescription)")
        let json = try project.sentio("runs", "query", "SELECT value FROM v_tags", "--json")
        #expect(try json.json[0]["value"].text == Self.evil)
    }

    @Test func ownColoursPass() throws {
        let project = try project()
        let shown = try project.shell("script -qec 'TERM=xterm exec \"$SENTIO\" run p.yaml' /dev/null").output
        #expect(shown.contains("\u{1B}[32mdone\u{1B}[0m"), "\(shown.debugDescription)")
        #expect(!shown.contains("\u{1B}[2J"))
    }
}
