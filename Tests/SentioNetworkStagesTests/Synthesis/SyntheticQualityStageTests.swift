import SentioKit
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct SyntheticQualityStageTests {
    let harness = StageHarness()

    /// The training songs themselves, as if a generator had made them: it must be told that they are as good as real.
    private func judge(_ given: [String: Value] = [:], _ change: (inout GANStudy, inout Manifest) -> Void = { _, _ in })
        throws -> [String:
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
            attributes: ["ratings": .map(ratings), "dimensions": ["valence", "arousal"], "scale": [1, 9]],
            entries: entries)
        change(&study, &made)
        return try harness.run(
            SyntheticQualityStage.self, with: given, inputs: study.study.inputs.merging(["synthetic": made]) { $1 })
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

    /// Ratings turned round: what learned from the items hears the reverse in songs, and the reverse of that.
    @Test func eachModelIsTestedOnTheOtherDomain() throws {
        _ = try judge([:]) { study, made in
            Self.sameLength(&study, &made)
            let turned = made.attributes["ratings"]?.map?.mapValues { rating in
                Value.list((rating.list ?? []).compactMap(\.double).map { .double(10 - $0) })
            }
            made.attributes["ratings"] = .map(turned ?? [:])
        }
        let metrics = harness.services.metrics
        for (name, sign) in [("real_on_real", 1.0), ("synthetic_on_real", -1), ("real_on_synthetic", -1)] {
            #expect(try #require(metrics["\(name).valence.r"]) * sign > 0.8, "\(name)")
        }
    }

    @Test func gapsAreThatOfTheItemsLessThatOfSongs() throws {
        _ = try judge([:]) { study, made in
            Self.sameLength(&study, &made)
            // 6 dB louder than any song, and all rated 8.5.
            let loud = [Float](repeating: 6, count: 16 * 20), bytes = NpyFile.write(NpyArray(loud, shape: [16, 20]))
            for index in made.entries.indices { made.entries[index].blob = harness.store.write(bytes) }
            made.attributes["ratings"] = .map(
                Dictionary(
                    uniqueKeysWithValues: made.entries.map { ($0.id, Value.list([.double(8.5), .double(8.5)])) }))
        }
        #expect(try #require(harness.services.metrics["gap.loudness"]) > 10)
        #expect(try #require(harness.services.metrics["gap.valence"]) > 1)
        #expect(try #require(harness.services.metrics["gap.valence_deviation"]) < 0)
    }

    @Test func testSongsAreNeverOpened() throws {
        let whole = try judge([:], Self.sameLength)["quality"]
        let broken = try judge([:]) { study, made in
            Self.sameLength(&study, &made)
            for id in (try? study.study.songs(in: "test")) ?? [] { study.study.replace(id, [1, 2, 3]) }
        }["quality"]
        #expect(try harness.text(#require(whole), "quality.json") == harness.text(#require(broken), "quality.json"))
        let figures = try JSON.parse(Array(harness.text(#require(whole), "quality.json").utf8))
        let study = try GANStudy(harness, count: 40, frames: { _ in 20 })
        #expect(figures["songs"]?["predicted"]?.int == (try study.study.songs(in: "validation").count))
        #expect(figures["songs"]?["train"]?.int == (try study.study.songs(in: "train").count))
    }

    /// Ratings that have nothing to do with the songs: a model knows nothing of songs that it has not seen, and
    /// something of those that it has.
    @Test func trainingSongsArePredictedByModelsThatHaveNotSeenThem() throws {
        _ = try judge(["on": "train"]) { study, made in
            Self.sameLength(&study, &made)
            guard var table = try? harness.table(study.study.labels) else { return }
            for row in table.rows.indices {
                var random = Philox(key: 11, stream: UInt64(row))
                table.rows[row][1] = "\(1 + 8 * random.nextDouble())"
            }
            study.study.labels.entries[0].blob = harness.store.write(Array(table.csv.utf8))
        }
        #expect(try #require(harness.services.metrics["real_on_real.valence.r2"]) < 0)
    }

    /// A model that leads far out of the scale is judged by the nearest rating that there is.
    @Test func predictionsAreClippedToTheScale() throws {
        let (values, share) = SyntheticQualityStage.clipped(Matrix([[-50, 5], [900, 9]]), to: 1...9)
        #expect(values == Matrix([[1, 5], [9, 9]]) && share == 0.5)
        _ = try judge([:], Self.sameLength)
        #expect(harness.services.metrics["synthetic_on_real.clipped"] ?? 1 < 0.2)
        _ = try judge([:]) { study, made in
            Self.sameLength(&study, &made)
            study.study.labels.attributes["scale"] = [4.9, 5.1]
        }
        #expect(harness.services.metrics["synthetic_on_real.clipped"] ?? 0 > 0.5)
        #expect(
            harness.services.lines.contains { $0.hasPrefix("synthetic_on_real: valence R² ") && $0.contains("CCC") })
    }

    @Test func whatCannotBeJudgedIsASentence() {
        #expect(sentence { _ = try judge([:]) { $1.attributes["ratings"] = nil } }.contains("carry no ratings"))
        #expect(
            sentence { _ = try judge([:]) { $1.attributes["dimensions"] = ["valence", "joy"] } }.contains(
                "rated in valence, joy"))
        #expect(sentence { _ = try judge([:]) { $1.entries = [] } }.contains("too few items"))
    }
}
