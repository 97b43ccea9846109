import Foundation
import Testing

/// `dataset check`: a line for each finding, the stage to paste, a corrected table, JSON and exit codes.
@Suite struct DatasetCheckCommandTests {
    private static let header = "song_id,valence_mean,arousal_mean\n"

    private func project() throws -> CommandLineProject {
        let project = try CommandLineProject()
        try StrangersFolder.make(in: project)
        return project
    }

    @Test func sevenTroublesAreNamedAndTheStageIsPrinted() throws {
        let project = try project(), table = try project.read("songs/annotations.csv")
        let check = try project.sentio("dataset", "check", "songs")
        #expect(check.exitCode == 0 && check.errors.isEmpty, "\(check)")
        #expect(check.lines[0].hasPrefix("songs: 12 songs with sound and ratings (valence and arousal), "))
        for finding in [
            "note: songs: the audio files are in the folder itself",
            "note: songs/annotations.csv:1: the file starts with",
            "annotations.csv:1: the columns are separated by semicolons", "`v` as valence_mean and `a` as arousal_mean",
            "so their scale is taken to be [-1, 1]. If", "annotations.csv:2: the ratings have decimal commas",
            "annotations.csv:2: the ids end in the extension of an audio file; `1.mp3` is read as song 1.",
        ] {
            #expect(check.output.contains(finding), "\(finding)\n\(check.output)")
        }
        #expect(
            check.output.contains(
                """

                  songs:
                    uses: song-dataset
                    with:
                      source: songs
                      columns: { arousal_mean: a, song_id: id, valence_mean: v }
                      scale: [-1, 1]

                """), "\(check.output)")
        #expect(check.lines.last == "Next, for a pipeline that uses it: sentio-pipeline init --data songs")
        #expect(try project.read("songs/annotations.csv") == table)
    }

    @Test func theStageThatIsPrintedRuns() throws {
        let project = try project()
        let json = try project.sentio("dataset", "check", "songs", "--tables-only", "--json").json
        let stage = json["stage"].text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        try project.write("stages:\n\(stage)\n", to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 0, "\(run)")
        #expect(run.errors.contains("songs/annotations.csv:2: the ratings have decimal commas"), "\(run.errors)")
        let again = try project.sentio("run", "p.yaml", "--json")
        #expect(try again.finished["stages"][named: "songs"]["state"].text == "cached")
        #expect(again.errors.contains("the ratings have decimal commas"), "A warning stays with the result.")
    }

    @Test func correctedRatingsGoToANewFileOnly() throws {
        let project = try project()
        let check = try project.sentio("dataset", "check", "songs", "--tables-only", "-o", "fixed.csv")
        #expect(check.exitCode == 0 && check.errors == "fixed.csv: ratings of 12 songs\n", "\(check)")
        let text = String(decoding: try project.read("fixed.csv"), as: UTF8.self)
        #expect(text.hasPrefix(Self.header + "1,-0.55,0.8\n2,-0.05,0.7\n"), "\(text)")
        try project.write("mine", to: "mine.csv")
        for taken in ["mine.csv", "songs/annotations.csv"] {
            let before = try project.read(taken)
            let refused = try project.sentio("dataset", "check", "songs", "--tables-only", "--output", taken)
            #expect(refused.exitCode == 1 && refused.errors.contains("\(taken) exists and was not overwritten."))
            #expect(try project.read(taken) == before)
        }
    }

    @Test func whatCannotBeUsedIsAnErrorAndExitCode1() throws {
        let project = try project()
        try project.write(Self.header + "1,5,5\n2,5,x\n1,5,5\n", to: "songs/annotations.csv")
        let check = try project.sentio("dataset", "check", "songs", "--tables-only", "-o", "fixed.csv")
        #expect(check.exitCode == 1 && !project.exists("fixed.csv"))
        #expect(check.lines[0].hasSuffix("It cannot be used yet: 2 errors."))
        #expect(check.output.contains("error: songs/annotations.csv:3:5: song 2: arousal_mean is `x`, not a number. "))
        #expect(check.output.contains("error: songs/annotations.csv:4:1: song 1 is rated a second time"))
        #expect(!check.output.contains("song-dataset") && check.errors.contains("fixed.csv was not written"))
        let init1 = try project.sentio("init", "study", "--data", "songs")
        #expect(init1.exitCode == 1 && init1.errors.contains("songs cannot be used yet, so no pipeline was written."))
        #expect(!project.exists("study"))
    }

    @Test func damagedSongsAreNamedUnlessOnlyTablesAreRead() throws {
        let project = try project()
        try project.write("<html>404 Not found</html>", to: "songs/3.mp3")
        let check = try project.sentio("dataset", "check", "songs", "--json")
        #expect(check.exitCode == 1)
        let json = try check.json
        let error = try #require(json["findings"].list.first { $0["severity"].text == "error" })
        #expect(error["place"].text == "songs/3.mp3" && error["problem"].text.hasPrefix("the file contains text"))
        #expect(error["advice"].text.hasPrefix("Replace or delete it"))
        #expect(json["usable"].bool == false && json["songs"].int == 12)
        #expect((json["seconds"]["shortest"].number ?? 0) > 1)
        let tables = try project.sentio("dataset", "check", "songs", "--json", "--tables-only")
        #expect(try tables.exitCode == 0 && tables.json["usable"].bool == true && tables.json["seconds"].isNull)
    }

    @Test func aFolderThatIsNotThere() throws {
        let check = try CommandLineProject().sentio("dataset", "check", "nowhere")
        #expect(check.exitCode == 1 && check.errors == "error: nowhere does not exist.\n", "\(check)")
        #expect(try CommandLineProject().sentio("dataset", "check").exitCode == 64)
    }
}
