import Testing

/// A pipeline file that is not where its name says is found in `pipelines/`; what is found nowhere is answered with
/// what there is.
@Suite struct PipelineLocationTests {
    private static let yaml = "stages: { x: { uses: command, cmd: \"cat input.txt\", deps: [input.txt] } }\n"

    private func project() throws -> CommandLineProject {
        let project = try CommandLineProject()
        try project.write(Self.yaml, to: "pipelines/phase4.yaml")
        try project.write("1", to: "pipelines/input.txt")
        return project
    }

    @Test(arguments: [("phase4.yaml", "phase4.yaml"), ("phase4", "phase4")])
    func aNameIsFoundInPipelines(name: String, said: String) throws {
        let project = try project(), notice = "Using pipelines/phase4.yaml; there is no \(said) here.\n"
        let run = try project.sentio("run", name, "--json")
        // What the file names lies beside it.
        #expect(run.exitCode == 0 && run.errors.hasPrefix(notice), "\(run)")
        #expect(try run.events.first?["file"].text == "pipelines/phase4.yaml")
        #expect(try project.sentio("runs", "show", "--json").json["file"].text == "pipelines/phase4.yaml")
        for command in ["plan", "graph", "config"] {
            let result = try project.sentio(command, name)
            #expect(result.exitCode == 0 && result.errors == notice, "\(command): \(result)")
        }
        #expect(try project.sentio("why", name, "x").errors == notice)
        let lint = try project.sentio("lint", name)
        #expect(lint.output == "pipelines/phase4.yaml: valid, 1 stage\n" && lint.errors == notice, "\(lint)")
        let sweep = try project.sentio("sweep", name, "--matrix", "x.cmd=ls,pwd", "--plan")
        #expect(sweep.exitCode == 0 && sweep.errors == notice, "\(sweep)")
    }

    @Test func aFileThatIsHereIsTaken() throws {
        let project = try project()
        try project.write(Self.yaml, to: "phase4.yaml")
        try project.write(Self.yaml, to: "other.yml")
        #expect(try project.sentio("lint", "phase4.yaml").output == "phase4.yaml: valid, 1 stage\n")
        #expect(try project.sentio("lint", "phase4.yaml").errors.isEmpty)
        let bare = try project.sentio("lint", "phase4")
        #expect(bare.output == "phase4.yaml: valid, 1 stage\n")
        #expect(bare.errors == "Using phase4.yaml; there is no phase4 here.\n")
        #expect(try project.sentio("lint", "other").output == "other.yml: valid, 1 stage\n")
    }

    @Test func aFolderOfThatNameIsNoPipeline() throws {
        let project = try project()
        try project.write("x", to: "phase4/x")
        #expect(try project.sentio("lint", "phase4").errors == "Using pipelines/phase4.yaml; phase4 is a folder.\n")
    }

    @Test func aNameWithAFolderOfItsOwnMeansThatFolder() throws {
        let project = try project()
        for name in ["./phase4.yaml", "../phase4.yaml", "\(project.path)/phase4.yaml"] {
            #expect(try project.sentio("lint", name).exitCode == 3, "\(name)")
        }
    }

    @Test func whatIsNowhereIsAnsweredWithWhatThereIs() throws {
        let project = try project()
        try project.write(Self.yaml, to: "mine.yml")
        try project.write("title: Claims\nclaims: []\n", to: "pipelines/claims.yaml")
        try project.write("a: 1\n", to: "settings.yaml")
        let run = try project.sentio("run", "phsae4.yaml")
        #expect(run.exitCode == 3)
        #expect(
            run.errors
                == "error: Cannot read phsae4.yaml: no such file or directory. Did you mean `pipelines/phase4.yaml`? "
                + "Pipeline files here: mine.yml, pipelines/phase4.yaml.\n")
        #expect(try project.sentio("run", "phsae4").errors.contains("Did you mean `pipelines/phase4.yaml`?"))
        let json = try project.sentio("run", "zzz.yaml", "--json")
        #expect(try json.exitCode == 3 && json.json["file"].text == "zzz.yaml")
        #expect(
            try json.json["problems"][0]["message"].text
                == "Cannot read zzz.yaml: no such file or directory. Pipeline files here: mine.yml, "
                + "pipelines/phase4.yaml.")
        #expect(!project.exists("artifacts"))
    }

    @Test func aLongListIsCut() throws {
        let project = try CommandLineProject()
        for number in 10...24 { try project.write(Self.yaml, to: "p\(number).yaml") }
        let run = try project.sentio("run", "something-else.yaml")
        #expect(run.errors.hasSuffix("p20.yaml, p21.yaml and 3 more.\n"), "\(run)")
    }
}
