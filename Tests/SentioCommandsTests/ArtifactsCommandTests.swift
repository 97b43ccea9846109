import Foundation
import Testing

/// `artifacts`: what a run made, out of the store and into files, and whether it is still what it was.
@Suite struct ArtifactsCommandTests {
    @Test func listNamesEveryOutput() throws {
        let project = try DemoProject.shared()
        let list = try project.sentio("artifacts", "list")
        #expect(list.exitCode == 0)
        #expect(
            list.lines.contains { $0.contains(#/^waves\.waveforms +waveforms +12 +\d[\d.]* [kM]B +[0-9a-f]{12}$/#) },
            "\(list)")
        let json = try project.sentio("artifacts", "list", "--run", "first", "--json").json["artifacts"].list
        let first = try DemoProject.firstRun().finished["stages"].list
        #expect(json.count == first.reduce(0) { $0 + $1["outputs"].keys.count })
        for artifact in json {
            let stage = first.first { $0["name"].text == artifact["stage"].text }
            #expect(stage?["outputs"][artifact["port"].text].text == artifact["hash"].text)
        }
    }

    @Test func showSaysWhichSongsReachedIt() throws {
        let project = try DemoProject.shared()
        let show = try project.sentio("artifacts", "show", "mels", "--files", "2")
        #expect(show.lines.first?.hasPrefix("mels.spectrograms  spectrograms  ") == true)
        #expect(
            show.output.contains("n_mels: 16") && show.output.contains("and 10 more (--files 0 lists all)"), "\(show)")
        let model = try project.sentio("artifacts", "show", "ridge.model", "--json").json
        #expect(model["type"].text != "" && model["files"].list.count == 1)
        let both = try project.sentio("artifacts", "show", "songs")
        #expect(both.exitCode == 64)
        #expect(both.errors.contains("`songs` has several outputs; choose one of songs.audio, songs.labels."))
        let typo = try project.sentio("artifacts", "show", "mel")
        #expect(typo.exitCode == 64 && typo.errors.contains("Did you mean `mels`?"))
    }

    @Test func exportWritesOneFileAnItemNamedByItsID() throws {
        let project = try DemoProject.shared()
        let target = try CommandLineProject()
        let export = try project.sentio(
            "artifacts", "export", "mels", "--run", "latest", "--to", target.path + "/new/mels")
        #expect(export.exitCode == 0, "\(export)")
        #expect(try target.names(in: "new/mels") == (1...12).map { $0 < 10 ? "demo-00\($0).npy" : "demo-0\($0).npy" })
        let array = try target.read("new/mels/demo-001.npy")
        #expect(Array(array.prefix(6)) == [0x93] + Array("NUMPY".utf8))
        #expect(String(decoding: array.prefix(128), as: UTF8.self).contains("(16, 32)"))
        #expect(try project.sentio("artifacts", "export", "score.songs", "--to", target.path + "/scores").exitCode == 0)
        let files = try target.names(in: "scores")
        #expect(files.count == 1 && files[0].hasSuffix(".csv"))
        let csv = String(decoding: try target.read("scores/\(files[0])"), as: UTF8.self)
        #expect(csv.hasPrefix("song_id,set,"), "\(csv.prefix(80))")
    }

    @Test func aRunThatFailedBeforeItSaysWhichRunHasIt() throws {
        let project = try DemoProject.copy(), whole = try DemoProject.firstRun().finished["run"].text
        let failed = try project.sentio("run", "p.yaml", "--json", "--set", "split.test=0.5").finished["run"].text
        let score = try project.sentio("artifacts", "export", "score", "--to", "out")
        #expect(score.exitCode == 64 && !project.exists("out"))
        #expect(
            score.errors.contains(
                "Run \(failed) has no artifact `score`: it failed before score. Run \(whole) has it: `--run \(whole)`."),
            "\(score)")
        let port = try project.sentio("artifacts", "show", "ridge.predictions")
        #expect(port.errors.contains("`ridge.predictions`: its stage ridge failed. Run \(whole) has it"), "\(port)")
        #expect(try project.sentio("artifacts", "export", "score.songs", "--run", whole, "--to", "out").exitCode == 0)
        let typo = try project.sentio("artifacts", "show", "scroe")
        #expect(typo.errors.contains("Did you mean `score`?"), "\(typo)")
    }

    @Test func verifyIsEightAfterOneBitAndTheNextRunHealsAndSaysSo() throws {
        let project = try DemoProject.copy()
        let clean = try project.sentio("artifacts", "verify")
        #expect(clean.exitCode == 0 && clean.output.contains("all intact"))
        let before = try exported(project, "first")
        let name = try flipOneBit(in: project)
        let damaged = try project.sentio("artifacts", "verify", "--json")
        #expect(damaged.exitCode == 8)
        #expect(try damaged.json["damaged"].list.map { $0.raw as? String ?? "" } == [name])
        let again = try project.sentio("artifacts", "verify")
        #expect(
            again.exitCode == 8 && again.output.contains("missing  \(name)"), "set aside, and still wanted: \(again)")
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 0)
        #expect(try run.finished["stages"][named: "mels"]["reason"]["code"].text == "lost-outputs")
        #expect(try run.finished["stages"][named: "mels"]["items"]["executed"].int == 1, "only the one that was lost")
        #expect(
            run.errors.contains("missing or damaged") && run.errors.contains("`mels` runs again to recreate"), "\(run)")
        #expect(try project.sentio("artifacts", "verify").exitCode == 0)
        #expect(try exported(project, "second") == before)
    }

    /// Damages one spectrogram in the store.
    /// - returns: the hash that names it.
    private func flipOneBit(in project: CommandLineProject) throws -> String {
        let hash = try project.sentio("artifacts", "show", "mels", "--json").json["files"][3]["hash"].text
        let place = "artifacts/cas/\(hash.prefix(2))/\(hash.dropFirst(2))"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: project.path + "/" + place)
        var bytes = try project.read(place)
        bytes[bytes.count / 2] ^= 0x10
        try project.write(bytes, to: place)
        return hash
    }

    private func exported(_ project: CommandLineProject, _ folder: String) throws -> [Data] {
        #expect(try project.sentio("artifacts", "export", "mels", "--to", folder).exitCode == 0)
        return try project.names(in: folder).map { try project.read(folder + "/" + $0) }
    }
}
