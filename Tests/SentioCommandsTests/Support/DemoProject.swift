import Foundation
import Testing

/// Phase 1 on a few short songs that the program makes itself.
enum DemoProject {
    static let songs = 12

    /// Kinds, wiring and names of `pipelines/phase1.yaml`; small in songs, seconds and bands.
    static let yaml = """
        pipeline: small
        description: Phase 1 on a few short songs
        seed: 42
        params: { dataset: demo, frames: 32, bands: 16 }
        profiles:
          wide: { params: { bands: 24 } }
        stages:
          songs: { uses: song-dataset, with: { source: "${dataset}", demo_songs: 12 } }
          waves: { uses: decode, in: { audio: songs.audio }, with: { sample_rate: 22050, duration: 1.5 } }
          mels:
            uses: mel-extract
            in: { waveforms: waves }
            with: { n_mels: "${bands}", n_fft: 2048, hop_length: 512, fmin: 20, fmax: 8000, frames: "${frames}" }
          table: { uses: handcrafted-features, in: { waveforms: waves } }
          split: { uses: split, in: { labels: songs.labels }, with: { test: 0.25, validation: 0.25 } }
          ridge: { uses: ridge, in: { features: table, labels: songs.labels, split: split } }
          score: { uses: evaluate, in: { predictions: ridge.predictions, labels: songs.labels, split: split } }

        """
    static let stages = ["songs", "waves", "mels", "table", "split", "ridge", "score"]

    /// Run once to its end; only to look at.
    static func shared() throws -> CommandLineProject { try prepared.get().project }
    /// What the first run said, with `--json`.
    static func firstRun() throws -> CommandResult { try prepared.get().result }
    /// A copy of the finished project, to change at will.
    static func copy() throws -> CommandLineProject { try CommandLineProject(copying: try prepared.get().template) }

    /// A folder in the layout of a dataset, with real MP3s out of the demo songs.
    static func dataset(in project: CommandLineProject, folder: String = "data", songs: Int = 6) throws {
        let from = try shared()
        try from.sentio("artifacts", "export", "songs.audio", "--to", project.path + "/exported")
        var rows = ["song_id, valence_mean, valence_std, arousal_mean, arousal_std"]
        for (index, name) in try project.names(in: "exported").prefix(songs).enumerated() {
            try project.write(try project.read("exported/" + name), to: "\(folder)/audio/\(index + 1).mp3")
            rows.append("\(index + 1), \(3 + index % 4), 1.0, \(7 - index % 5), 1.0")
        }
        try project.write(rows.joined(separator: "\n") + "\n", to: "\(folder)/annotations.csv")
        try project.remove("exported")
    }

    /// The template is never looked at by the binary: copying a run store that is just being opened would fail.
    private static let prepared = Result {
        () throws -> (project: CommandLineProject, template: CommandLineProject, result: CommandResult) in
        let template = try CommandLineProject()
        try template.write(yaml, to: "p.yaml")
        let result = try template.sentio("run", "p.yaml", "--json", "--name", "first", "--tag", "owner=tests")
        // They live as long as the tests do.
        atexit { DemoProject.discard() }
        return (try CommandLineProject(copying: template), template, result)
    }

    private static func discard() {
        guard let made = try? prepared.get() else { return }
        for path in [made.project.path, made.template.path] { try? FileManager.default.removeItem(atPath: path) }
    }
}
