import Testing

/// Synthetic items reach training and nothing else: ports are typed, and no other port takes them.
@Suite struct SyntheticTypeTests {
    static let start = """
        stages:
          songs: { uses: song-dataset, with: { source: demo } }
          waves: { uses: decode, in: { audio: songs.audio } }
          mels: { uses: mel-extract, in: { waveforms: waves } }
          split: { uses: split, in: { labels: songs.labels } }
          made: { uses: mix, in: { real: mels, synthetic: made_before, split: split }, with: { ratio: 0 } }
          made_before: { uses: mix, in: { real: mels, synthetic: other, split: split }, with: { ratio: 0 } }

        """

    @Test(arguments: [
        ("evaluate", "predictions: made, labels: songs.labels, split: split", "predictions"),
        ("ridge", "features: made, labels: songs.labels, split: split", "features"),
        ("ast-train", "spectrograms: made, labels: songs.labels, split: split", "spectrograms"),
        ("crnn-train", "spectrograms: made, labels: songs.labels, split: split", "spectrograms"),
        ("mix", "real: made, synthetic: made, split: split", "real"),
    ])
    func noOtherPortTakesThem(_ kind: String, _ inputs: String, _ port: String) throws {
        let project = try CommandLineProject()
        let with = kind == "mix" ? ", with: { ratio: 1 }" : ""
        try project.write(Self.start + "  wrong: { uses: \(kind), in: { \(inputs) }\(with) }\n", to: "p.yaml")
        let lint = try project.sentio("lint", "p.yaml")
        let found = lint.errors.split(separator: "\n").filter {
            $0.contains("labelled-spectrograms") && $0.contains("`\(port)`")
        }
        #expect(lint.exitCode == 3 && found.count == 1, "\(lint)")
    }
}
