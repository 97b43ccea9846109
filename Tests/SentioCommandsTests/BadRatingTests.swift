import Foundation
import Testing

/// Tables of ratings with mistakes: file, line, song and what is wrong; exit code 1; nothing is scored.
@Suite struct BadRatingTests {
    private static let header = "song_id,valence_mean,valence_std,arousal_mean,arousal_std\n"

    private func run(_ table: String, _ more: String...) throws -> CommandResult {
        let project = try CommandLineProject()
        try project.write("stages: { songs: { uses: song-dataset, with: { source: data } } }\n", to: "p.yaml")
        for id in ["1", "2", "3"] { try project.write("sound", to: "data/audio/\(id).mp3") }
        try project.write(table, to: "data/annotations.csv")
        let command = try RunningCommand(
            CommandLineProject.binary, ["run", "p.yaml"] + more, in: project.path, environment: [:])
        return try command.finish()
    }

    @Test(arguments: [
        ("1,5,1,5,1\n2,NaN,1,5,1\n", "annotations.csv:3:3: song 2: valence_mean is `NaN`, not a number"),
        ("1,5,1,5,1\n2,,1,5,1\n", "annotations.csv:3:3: song 2: valence_mean is empty"),
        ("1,5,1,inf,1\n", "annotations.csv:2:7: song 1: arousal_mean is `inf`, not a finite number"),
        ("1,five,1,5,1\n", "annotations.csv:2:3: song 1: valence_mean is `five`, not a number"),
        ("1,5,1,5,1\n1,6,1,5,1\n", "annotations.csv:3:1: song 1 is rated a second time (first in "),
        ("1,5,1,11,1\n", "annotations.csv:2:7: song 1: arousal_mean is 11, outside the scale from 1 to 9"),
        ("1,5,-1,5,1\n", "annotations.csv:2:5: song 1: valence_std is `-1`, not a number of 0 or more"),
        ("../1,5,1,5,1\n", "annotations.csv:2:1: "),
        ("1,5,1\n", "annotations.csv:2:5: song 1: 3 cells where the header has 5"),
    ])
    func aMistakeIsNamedWithItsLine(rows: String, sentence: String) throws {
        let run = try run(Self.header + rows)
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.errors.contains("songs  FAILED"))
        #expect(run.errors.contains(sentence), "\(run.errors)")
    }

    @Test func allMistakesAtOnce() throws {
        let run = try run(Self.header + "1,NaN,1,0,1\n2,5,1,5,1\n2,5,1,5,1\n")
        for part in [
            "\n    2:3: song 1: valence_mean is `NaN`", "\n    2:9: song 1: arousal_mean is 0, outside",
            "\n    4:1: song 2 is rated a second time",
        ] {
            #expect(run.errors.contains(part), "\(run.errors)")
        }
        #expect(run.errors.contains("Correct or remove these lines."))
    }

    @Test func anotherScaleIsAParameter() throws {
        #expect(try run(Self.header + "1,55,1,5,1\n", "--set", "songs.scale=[0, 100]").exitCode == 0)
    }

    @Test func anEmptyTableAndNoTable() throws {
        #expect(
            try run("").errors.contains("annotations.csv:1: the table is empty; its first line must name the columns."))
        #expect(try run(Self.header).errors.contains("No song of "))
        #expect(
            try run("id,valence\n1,2\n").errors.contains(
                "annotations.csv:1: there are no columns `song_id`, `valence_mean` and"))
        let project = try CommandLineProject()
        try project.write("stages: { songs: { uses: song-dataset, with: { source: data } } }\n", to: "p.yaml")
        let absent = try project.sentio("run", "p.yaml")
        #expect(absent.exitCode == 1)
        #expect(absent.errors.contains("data"), "\(absent)")
    }
}
