import Foundation
import Testing

/// Rating songs with what a run trained, by the real binary on the demo songs.
@Suite struct PredictCommandTests {
    /// The small demo pipeline with a stack and a network behind its songs.
    static let yaml =
        DemoProject.yaml + """
              trees:
                uses: gbdt
                in: { features: chosen, labels: songs.labels, split: split }
                with: { rounds: 5 }
              chosen: { uses: feature-select, in: { features: table, split: split }, with: { min_variance: 0 } }
              blend:
                uses: stack
                in: { labels: songs.labels, split: split }
                with: { meta: mean }
                stages:
                  soft: { uses: ridge, in: { features: both, labels: songs.labels, split: split }, with: { alpha: 100 } }
                  trees: { uses: gbdt, in: { features: table, labels: songs.labels, split: split }, with: { rounds: 3 } }
              both: { uses: join-features, in: { a: table } }
            """

    /// A finished run, its songs as files in `songs/`, and its predictions by stage in `own/STAGE/predictions.csv`.
    private static let prepared = Result { () throws -> CommandLineProject in
        let project = try DemoProject.copy()
        try project.write(yaml, to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--json")
        guard run.exitCode == 0 else { throw Unprepared(description: "\(run)") }
        try project.sentio("artifacts", "export", "songs.audio", "--to", project.path + "/songs")
        for stage in ["ridge", "trees", "blend"] {
            try project.sentio("artifacts", "export", "\(stage).predictions", "--to", project.path + "/own/" + stage)
        }
        return project
    }

    private struct Unprepared: Error, CustomStringConvertible { let description: String }

    private func project() throws -> CommandLineProject { try CommandLineProject(copying: try Self.prepared.get()) }

    /// Rows of a CSV by the name of the file in the first column, without folder and extension.
    private func rows(_ text: String, _ columns: ClosedRange<Int>) -> [String: [Double]] {
        var rows: [String: [Double]] = [:]
        for line in text.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let name = URL(fileURLWithPath: cells[0]).deletingPathExtension().lastPathComponent
            // Predictions are clipped to the scale.
            rows[name] = cells[columns].map { min(9, max(1, Double($0) ?? .nan)) }
        }
        return rows
    }

    @Test(arguments: ["ridge", "trees", "blend"]) func equalsTheRunBitForBit(_ stage: String) throws {
        let project = try project()
        let result = try project.sentio("predict", "latest:\(stage)", "songs")
        #expect(result.exitCode == 0, "\(result)")
        let own = String(decoding: try project.read("own/\(stage)/predictions.csv"), as: UTF8.self)
        let rated = rows(result.output, 1...2)
        #expect(rated.count == DemoProject.songs && rated == rows(own, 1...2), "\(result)\n\(own)")
        #expect(result.lines[0].hasPrefix("file,valence,arousal,"))
        // The experiments' own history is as it was.
        #expect(try project.sentio("runs", "list", "--json").output.contains("p.yaml"))
        #expect(try project.sentio("predict", "latest:\(stage)", "songs").output == result.output)
    }

    @Test func aBundleRatesAnywhere() throws {
        let project = try project(), elsewhere = try CommandLineProject()
        let written = try project.sentio("models", "export", "latest:blend", "-o", elsewhere.path + "/mood.sentio")
        #expect(written.exitCode == 0 && written.output.contains("Rate songs with it: "), "\(written)")
        let here = try project.sentio("predict", "latest:blend", "songs").output
        let cache = ["XDG_CACHE_HOME": elsewhere.path + "/cache"]
        let there = try elsewhere.sentio("predict", "mood.sentio", project.path + "/songs", environment: cache)
        #expect(there.exitCode == 0 && rows(there.output, 1...2) == rows(here, 1...2), "\(there)")
        #expect(FileManager.default.fileExists(atPath: elsewhere.path + "/cache/sentio/predict/cas"))
        #expect(!FileManager.default.fileExists(atPath: elsewhere.path + "/artifacts"))
        #expect(try elsewhere.sentio("models", "verify", "mood.sentio").output == "mood.sentio: intact\n")
        let card = try elsewhere.sentio("models", "show", "mood.sentio")
        #expect(card.output.contains("A stacking model that rates songs in valence and arousal."), "\(card)")
        // The same model is the same bytes, and an existing file stays.
        let again = try project.sentio("models", "export", "latest:blend", "-o", elsewhere.path + "/mood.sentio")
        #expect(again.exitCode == 64 && again.errors.contains("exists"), "\(again)")
        try project.sentio("models", "export", "latest:blend", "-o", elsewhere.path + "/second.sentio")
        #expect(try elsewhere.read("mood.sentio") == elsewhere.read("second.sentio"))
        let opened = try elsewhere.shell("python3 -m zipfile -t mood.sentio && python3 -m zipfile -l mood.sentio")
        #expect(opened.exitCode == 0 && opened.output.contains("card.md"), "\(opened)")
    }

    @Test func oneBrokenFileDoesNotCostTheOthers() throws {
        let project = try project()
        try project.write("hello", to: "songs/text.mp3")
        try project.write(Data(), to: "songs/empty.wav")
        let first = try project.names(in: "songs").first { $0.hasSuffix(".mp3") && $0 != "text.mp3" } ?? ""
        try project.write(try project.read("songs/" + first), to: "songs/deep/" + first)
        let result = try project.sentio("predict", "latest:ridge", "songs", "nowhere.mp3")
        #expect(result.exitCode == 1 && rows(result.output, 1...2).count == DemoProject.songs, "\(result)")
        #expect(result.lines.contains { $0.hasPrefix("songs/deep/\(first),") }, "\(result)")
        #expect(result.errors.contains("error: songs/empty.wav: The file is empty"), "\(result)")
        #expect(result.errors.contains("error: songs/text.mp3: The file contains text, not audio"), "\(result)")
        #expect(result.errors.contains("error: nowhere.mp3: there is no such file"), "\(result)")
        let json = try project.sentio("predict", "latest:ridge", "songs/text.mp3", "songs/" + first, "--json")
        let songs = try json.json["songs"].list
        #expect(json.exitCode == 1 && songs.count == 2, "\(json)")
        #expect(songs[0]["ratings"].isNull && songs[0]["error"].text.contains("text, not audio"))
        #expect(songs[1]["error"].isNull && songs[1]["ratings"]["arousal"].number != nil)
        #expect(abs((songs[1]["seconds"].number ?? 0) - 1.5) < 0.01)
        let piped = try project.shell("cat 'songs/\(first)' | \"$SENTIO\" predict latest:ridge - --json")
        #expect(try piped.json["songs"][0]["ratings"]["arousal"].number == songs[1]["ratings"]["arousal"].number)
        #expect(try piped.json["songs"][0]["file"].text == "-")
    }

    @Test func whichModelIsMeant() throws {
        let project = try project()
        let several = try project.sentio("predict", "latest", "songs")
        #expect(several.exitCode == 64 && several.errors.contains("has 5 models; name one of them:"), "\(several)")
        #expect(several.errors.contains("  latest:ridge  (ridge, test R² "), "\(several)")
        for (model, words) in [
            ("latest:rigde", "Did you mean `ridge`?"), ("latest:split", "`split` of run"),
            ("p.yaml", "is not a model bundle"),
            ("none.sentio", "There is no bundle none.sentio"), ("nobody:ridge", "nobody"),
        ] {
            let result = try project.sentio("predict", model, "songs")
            #expect(
                result.exitCode != 0 && result.errors.contains(words) && result.output.isEmpty, "\(model): \(result)")
        }
        let empty = try CommandLineProject().sentio("predict", "latest:ridge", "x.mp3")
        #expect(empty.exitCode == 64 && empty.errors.contains("has no runs"), "\(empty)")
    }

    @Test func bundlesOfStrangers() throws {
        let project = try project()
        try project.sentio("models", "export", "latest:ridge", "-o", "good.sentio")
        /// A copy with one file changed by a line of Python: `text` is the file's text.
        func change(_ file: String, _ line: String) throws -> CommandResult {
            let script = """
                import json, zipfile
                old = zipfile.ZipFile('good.sentio')
                new = zipfile.ZipFile('bad.sentio', 'w')
                for name in old.namelist():
                    text = old.read(name).decode()
                    if name == '\(file)':
                        index = json.loads(text) if name.endswith('.json') else None
                        \(line)
                        text = json.dumps(index) if index is not None else text
                    new.writestr(name, text)
                new.close()
                """
            try project.write(script, to: "change.py")
            let made = try project.shell("python3 change.py")
            #expect(made.exitCode == 0, "\(made)")
            return try project.sentio("predict", "bad.sentio", "songs")
        }
        let attacks: [(line: String, words: String)] = [
            ("index['version'] = 2", "it has version 2 of the format"),
            ("index['format'] = 'x'", "does not name the format"),
            ("index['slice']['stages'] = 3", "bundle.json is damaged"),
            ("index['slice']['stages'][0]['kind'] = 'command'", "is not of a kind that applies a model"),
            ("index['slice']['stages'][0]['kind'] = 'nothing'", "which this program does not have"),
            ("index['slice']['stages'][0]['name'] = '../x'", "not unique plain words"),
            ("index['slice']['rater'] = 'songs'", "has no stage `songs`"),
            ("index['files']['../x'] = index['files'].popitem()[1]", "which is not below `artifacts/`"),
            ("index['facts']['training_songs'] = 0", "does not have its recorded digest"),
        ]
        for (line, words) in attacks {
            let result = try change("bundle.json", line)
            #expect(
                result.exitCode == 1 && result.errors.contains(words) && result.output.isEmpty, "\(line): \(result)")
        }
        // What a later version may add is no damage.
        let later = try change(
            "bundle.json",
            "import hashlib; index['facts']['later'] = 1; del index['digest']; "
                + "index['digest'] = hashlib.sha256(json.dumps(index, sort_keys=True, separators=(',', ':'), "
                + "ensure_ascii=False).encode()).hexdigest()")
        #expect(later.exitCode == 0 && rows(later.output, 1...2).count == DemoProject.songs, "\(later)")
        let weights = try change("artifacts/ridge-model/ridge.json", "index['version'] = 7")
        #expect(weights.exitCode == 1 && weights.errors.contains("does not have the SHA-256"), "\(weights)")
        let bytes = try project.read("good.sentio")
        for count in [0, 3, 4, 30, bytes.count / 2, bytes.count - 1] {
            try project.write(bytes.prefix(count), to: "bad.sentio")
            let result = try project.sentio("predict", "bad.sentio", "songs")
            #expect(result.exitCode == 1 && result.errors.contains("bad.sentio is not a"), "\(count): \(result)")
        }
        let verified = try project.sentio("models", "verify", "bad.sentio", "good.sentio")
        #expect(verified.exitCode == 8 && verified.output.contains("good.sentio: intact"), "\(verified)")
    }
}
