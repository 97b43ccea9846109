import Testing

/// `lint`: several files, everything that is wrong, nothing run.
@Suite struct LintCommandTests {
    @Test func fineFilesAreNamed() throws {
        let project = try CommandLineProject()
        try project.write(DemoProject.yaml, to: "a.yaml")
        try project.write("stages: { x: { uses: command, cmd: ls } }\n", to: "b.yaml")
        let lint = try project.sentio("lint", "a.yaml", "b.yaml")
        #expect(lint.exitCode == 0)
        #expect(lint.output == "a.yaml: valid, 7 stages\nb.yaml: valid, 1 stage\n")
        #expect(!project.exists("artifacts"), "looking leaves nothing behind")
    }

    @Test func theBadOnesDoNotHideTheGood() throws {
        let project = try CommandLineProject()
        try project.write("stages: { x: { uses: command, cmd: ls } }\n", to: "good.yaml")
        try project.write("stages: { x: { uses: comand, cmd: ls } }\nsed: 1\n", to: "bad.yaml")
        let lint = try project.sentio("lint", "bad.yaml", "good.yaml", "absent.yaml")
        #expect(lint.exitCode == 3)
        #expect(lint.output == "good.yaml: valid, 1 stage\n")
        #expect(lint.errors.contains("bad.yaml:1:22: error: Unknown kind `comand`. Did you mean `command`?"), "\(lint)")
        #expect(lint.errors.contains("bad.yaml:2:1: error: Unknown key `sed`. Did you mean `seed`?"))
        #expect(lint.errors.contains("Cannot read absent.yaml: no such file or directory."))
        let json = try project.sentio("lint", "bad.yaml", "good.yaml", "--json")
        #expect(json.exitCode == 3)
        #expect(try json.json["problems"].list.map { $0["line"].int } == [1, 2])
        #expect(try json.json["problems"][0]["file"].text == "bad.yaml")
    }

    @Test func aProfileIsCheckedToo() throws {
        let project = try CommandLineProject()
        try project.write(
            "profiles: { big: { stages: { x: { uses: nothing } } } }\nstages: { x: { uses: command, cmd: ls } }\n",
            to: "p.yaml")
        #expect(try project.sentio("lint", "p.yaml").exitCode == 0)
        #expect(try project.sentio("lint", "p.yaml", "--profile", "big").exitCode == 3)
        let absent = try project.sentio("lint", "p.yaml", "--profile", "bag")
        #expect(absent.exitCode == 3 && absent.errors.contains("Did you mean `big`?"))
    }
}
