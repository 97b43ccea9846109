import Foundation
import Testing

/// What a command gets of the environment and the place in which the run was started.
@Suite struct CommandEnvironmentTests {
    /// `caf\xE9` is Latin-1: text to many programs, but none to Swift.
    @Test func variablesOfTheRunArriveByteForByte() throws {
        let project = try CommandLineProject()
        try project.write(
            """
            stages:
              a:
                uses: command
                cmd: 'printf "%s|%s|%s|%s" "$PLACE" "$OWN" "$SENTIO_STAGE" "\\${SENTIO_SEED-none}" > seen; env | grep -c "^OWN=" > times'
                env: { OWN: ours }
                seeded: false
                outs: [seen, times]

            """, to: "p.yaml")
        let run = try project.shell(#"PLACE=$'caf\xE9' OWN=theirs SENTIO_STAGE=x SENTIO_SEED=5 "$SENTIO" run p.yaml"#)
        #expect(run.exitCode == 0, "\(run)")
        #expect(try Array(project.read("seen")) == Array("caf".utf8) + [0xE9] + Array("|ours|a|none".utf8))
        #expect(try project.read("times") == Data("1\n".utf8))
    }

    /// Nothing stands before the command that only a shell would understand.
    @Test func aProgramThatIsNoShellRunsFromAnotherFolder() throws {
        let project = try CommandLineProject()
        try project.write(
            """
            stages:
              a: { uses: command, shell: python3, cmd: "open('out.txt', 'w').write('here')", outs: [out.txt] }

            """, to: "sub/p.yaml")
        let run = try project.sentio("run", "sub/p.yaml")
        #expect(run.exitCode == 0, "\(run)")
        #expect(try project.read("sub/out.txt") == Data("here".utf8))
    }
}
