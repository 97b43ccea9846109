import Foundation
import Testing

/// A training that is killed goes on, and ends with the bytes of one that was left alone.
@Suite struct TrainingKillTests {
    static let yaml = """
        seed: 42
        params: { epochs: 10 }
        stages:
          songs: { uses: song-dataset, with: { source: demo, demo_songs: 12 } }
          waves: { uses: decode, in: { audio: songs.audio }, with: { sample_rate: 22050, duration: 1.5 } }
          mels: { uses: mel-extract, in: { waveforms: waves }, with: { n_mels: 16, reference: 1 } }
          split: { uses: split, in: { labels: songs.labels }, with: { test: 0.25, validation: 0.25 } }
          ast:
            uses: ast-train
            in: { spectrograms: mels, labels: songs.labels, split: split }
            with:
              { patch: 8, stride: 8, dim: 16, heads: 2, depth: 1, ffn: 32, head_hidden: 0, frames: 48, batch: 2, epochs: "${epochs}",
                schedule: constant, mixup: c-mixup, ema: 0.9, checkpoint_seconds: 0 }
          score: { uses: evaluate, in: { predictions: ast.predictions, labels: songs.labels, split: split }, with: { bootstrap: 0 } }

        """

    private func outputs(_ result: CommandResult) throws -> [String: String] {
        let ast = try result.finished["stages"][named: "ast"]["outputs"]
        return Dictionary(uniqueKeysWithValues: ast.keys.map { ($0, ast[$0].text) })
    }

    @Test func killedAgainAndAgainTheNetworkIsTheSame() throws {
        let project = try CommandLineProject()
        try project.write(Self.yaml, to: "p.yaml")
        let whole = try CommandLineProject(copying: project)
        let undisturbed = try whole.sentio("run", "p.yaml", "--json")
        #expect(undisturbed.exitCode == 0, "\(undisturbed)")

        // Killed as soon as it has written a checkpoint of its own, four times.
        let checkpoints = project.path + "/artifacts/tmp/checkpoints"
        func state() -> Data? {
            FileManager.default.enumerator(atPath: checkpoints)?.compactMap { $0 as? String }.first {
                $0.hasSuffix(".safetensors")
            }.flatMap {
                FileManager.default.contents(atPath: checkpoints + "/" + $0)
            }
        }
        var killed = 0
        for _ in 0..<4 {
            let before = state(), running = try project.start("run", "p.yaml", "--json")
            try CommandLineProject.wait(for: "a checkpoint") { !running.process.isRunning || state() != before }
            running.send(SIGKILL)
            if try running.finish().wasKilled { killed += 1 }
        }
        #expect(killed > 0)
        // An unfinished training is seen before it runs, and while it does.
        let plan = try project.sentio("plan", "p.yaml"), why = try project.sentio("why", "p.yaml", "ast")
        #expect(plan.output.contains(#/ast +ast-train .*; resumes (from|after) epoch [0-9]+ of 10/#), "\(plan)")
        #expect(
            why.output.contains(
                #/left a checkpoint: it resumes (from|after) epoch [0-9]+ of 10, and the rest would take about/#
            ),
            "\(why)"
        )
        let last = try project.sentio("run", "p.yaml", "--json")
        let started = try last.events.first { $0["event"].text == "stage.started" && $0["stage"].text == "ast" }
        #expect(
            started?["resumption"].text.hasPrefix("resumes ") == true && last.errors.contains("resumes "), "\(last)")
        #expect(last.exitCode == 0, "\(last)")
        #expect(try outputs(last) == outputs(undisturbed) && outputs(last).count == 3)

        // More epochs go on from the stored ones, and are what a training from scratch makes.
        let more = try project.sentio("plan", "p.yaml", "--set", "epochs=12", "--json").json["stages"].list.first {
            $0["stage"].text == "ast"
        }
        #expect(more?["resumption"]["text"].text == "resumes from epoch 11 of 12")
        let longer = try project.sentio("run", "p.yaml", "--set", "epochs=12", "--json")
        #expect(longer.output.contains("Resumes from epoch 11, step 1."), "\(longer)")
        try whole.remove("artifacts")
        #expect(try outputs(longer) == outputs(try whole.sentio("run", "p.yaml", "--set", "epochs=12", "--json")))
        #expect(try outputs(longer) != outputs(last))
    }
}
