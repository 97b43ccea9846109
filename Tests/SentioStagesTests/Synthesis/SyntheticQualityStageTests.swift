import SentioKit
import SentioStages
import Testing

@Suite struct SyntheticQualityStageTests {
    let harness = StageHarness()

    /// The training songs themselves, as if a generator had made them: it must be told that they are as good as real.
    private func judge(_ given: [String: Value] = [:], _ change: (inout GANStudy, inout Manifest) -> Void = { _, _ in }) throws -> [String:
        Manifest]
    {
        var study = try GANStudy(harness, count: 40, frames: { _ in 20 })
        let training = Set(try study.study.songs(in: "train")), labels = try harness.table(study.study.labels)
        var ratings: [String: Value] = [:]
        let entries = study.study.spectrograms.entries.filter { training.contains($0.id) }.map { entry in
            let row = labels.rows.first { $0[0] == entry.id } ?? []
            ratings["synthetic-\(entry.id)"] = [.double(Double(row[1]) ?? 0), .double(Double(row[3]) ?? 0)]
            return Manifest.Entry(id: "synthetic-\(entry.id)", file: "a.npy", blob: entry.blob)
        }
        var made = Manifest(
            type: .labelledSpectrograms,
            attributes: ["ratings": .map(ratings), "dimensions": ["valence", "arousal"], "scale": [1, 9]], entries: entries)
        change(&study, &made)
        return try harness.run(SyntheticQualityStage.self, with: given, inputs: study.study.inputs.merging(["synthetic": made]) { $1 })
    }

    private static func sameLength(_ study: inout GANStudy, _ made: inout Manifest) {
        // One length for all, as a generator makes them.
        let first = made.entries[0].blob.size
        made.entries = made.entries.filter { $0.blob.size == first }
    }

    @Test func realSongsInDisguiseAreAsGoodAsReal() throws {
        _ = try judge([:], Self.sameLength)
        for name in ["real_on_real", "synthetic_on_real", "real_on_synthetic"] {
            let r = try #require(harness.services.metrics["\(name).valence.r"])
            #expect(r > 0.8, "\(name): \(r)")
        }
        #expect(try #require(harness.services.metrics["gap.band_mean"]) < 3)
        #expect(try #require(harness.services.metrics["gap.valence_distribution"]) < 0.5)
        let louder = try judge(["on": "train"], Self.sameLength)["quality"]
        #expect(try harness.text(#require(louder), "quality.json").contains("\"synthetic_on_real.arousal.r2\""))
    }

    @Test func whatCannotBeJudgedIsASentence() {
        #expect(sentence { _ = try judge([:]) { $1.attributes["ratings"] = nil } }.contains("do not say their ratings"))
        #expect(sentence { _ = try judge([:]) { $1.attributes["dimensions"] = ["valence", "joy"] } }.contains("rated in valence, joy"))
        #expect(sentence { _ = try judge([:]) { $1.entries = [] } }.contains("no items"))
    }
}
