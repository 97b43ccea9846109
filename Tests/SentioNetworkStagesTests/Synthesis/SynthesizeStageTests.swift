import Foundation
import SentioKit
import SentioNumerics
@testable import SentioNetworkStages
import SentioTesting
import StageTestSupport
import Testing

@Suite struct SynthesizeStageTests {
    let harness = StageHarness()
    private let trained: [String: Manifest]
    private let study: GANStudy

    init() throws {
        study = try GANStudy(harness)
        trained = try study.train(["epochs": 2])
    }

    private func make(
        _ given: [String: Value] = [:], connect: Set<String> = ["critic", "labels", "split"],
        services: (any StageServices)? = nil
    ) throws -> [String: Manifest] {
        let more = ["critic": trained["critic"]!, "labels": study.study.labels, "split": study.study.split].filter {
            connect.contains($0.key)
        }
        return try harness.run(
            SynthesizeStage.self, with: ["count": 12].merging(given) { $1 },
            inputs: ["generator": trained["generator"]!].merging(more) { $1 },
            services: services)
    }

    @Test func itemsAreSpectrogramsWithRatings() throws {
        let outputs = try make(), made = try #require(outputs["spectrograms"])
        #expect(
            made.type == "labelled-spectrograms" && made.entries.map(\.id).first == "synthetic-000000"
                && made.entries.count == 12)
        #expect(made.entries.allSatisfy { $0.sources.isEmpty })
        // Fitted on what the generator saw: the training songs.
        let training = Lineage(try study.study.songs(in: "train").map(StageHarness.song))
        #expect(made.fittedSets == [training] && made.entries.allSatisfy { $0.fitted == 0 })
        #expect(
            made.attributes["dimensions"] == ["valence", "arousal"]
                && made.attributes["scale"]?.list?.compactMap(\.double) == [1, 9])
        #expect(made.attributes["hop_length"]?.int == 128 && made.attributes["frames"]?.int == 16)
        let ratings = try #require(made.attributes["ratings"]?.map)
        let table = try CSVReader.read(Array(try harness.text(outputs["labels"]!, "labels.csv").utf8))
        #expect(table.columns == ["song_id", "valence", "arousal", "valence_heard", "arousal_heard"])
        for row in table.rows {
            let list = (ratings[row[0]]?.list ?? []).compactMap(\.double)
            #expect(list == [Double(row[1]), Double(row[2])] && list.allSatisfy { (1...9).contains($0) })
        }
        for entry in made.entries {
            let array = try NpyFile.read(try harness.store.read(entry.blob))
            // In dB, as far as the training songs go.
            #expect(array.shape == [16, 16] && array.doubles.allSatisfy { $0 > -70 && $0 < 10 })
        }
    }

    @Test(
        arguments: [
            [:], ["keep": "recovery"], ["keep": "critic", "keep_share": 0.3], ["labels": "grid"], ["labels": "near"],
        ]
            as [[String: Value]])
    func anItemIsTheSameWhateverTheCount(_ given: [String: Value]) throws {
        let few = try make(given)["spectrograms"]!,
            many = try make(given.merging(["count": 70]) { $1 })["spectrograms"]!
        #expect(many.entries.prefix(12) == few.entries[...])
        #expect(Set(many.entries.map(\.blob.hash)).count == 70)
    }

    @Test func aLargerCountMakesOnlyTheNewOnes() throws {
        for given in [[:], ["keep": "recovery"]] as [[String: Value]] {
            let first = StoppingServices(after: .max), second = StoppingServices(after: .max)
            _ = try make(given, services: first)
            second.behind.saveCheckpoint(
                try #require(first.behind.loadCheckpoint(name: SynthesisCheckpoint.name)),
                name: SynthesisCheckpoint.name)
            let grown = try make(given.merging(["count": 30]) { $1 }, services: second)
            #expect(try make(given.merging(["count": 30]) { $1 }) == grown)
            #expect(second.behind.lines.contains { $0.hasPrefix("Resumes from ") }, "\(second.behind.lines)")
            // Back to fewer: the same as before.
            let third = StoppingServices(after: .max)
            third.behind.saveCheckpoint(
                try #require(second.behind.loadCheckpoint(name: SynthesisCheckpoint.name)),
                name: SynthesisCheckpoint.name)
            #expect(try make(given, services: third) == make(given))
        }
        #expect(try SynthesizeStage(try Configuration(SynthesizeStage.parameters)).continuesOver == ["count"])
    }

    @Test func itemsThatAreNoLongerStoredAreMadeAgain() throws {
        let whole = try make(), services = StoppingServices(after: .max)
        var state = SynthesisCheckpoint()
        state.items = [.init(candidate: 0, blob: BlobReference(hash: Hashing.content("gone"), size: 4), heard: [0, 0])]
        state.next = 1
        services.behind.saveCheckpoint(state.encoded(), name: SynthesisCheckpoint.name)
        #expect(try make(services: services) == whole)
    }

    @Test func aFilterKeepsWhatItFindsBetter() throws {
        _ = try make(["count": 100])
        let all = try #require(harness.services.metrics["valence.recovery"])
        _ = try make(["count": 100, "keep": "recovery", "keep_share": 0.2])
        #expect(try #require(harness.services.metrics["valence.recovery"]) > all)
        #expect(try #require(harness.services.metrics["dropped"]) > 100)
        #expect(harness.services.lines.contains { $0.contains("candidates dropped by `keep: recovery`, 100 kept.") })
    }

    /// The same items, with labels that are as widely spread but determined by half of what was asked for.
    @Test(arguments: ["uniform", "near", "grid"])
    func labelsCanBeLessCertainThanRequests(_ draw: String) throws {
        let given: [String: Value] = ["count": 600, "labels": .string(draw)]
        let certain = try #require(try make(given)["spectrograms"])
        let vague = try #require(try make(given.merging(["label_certainty": 0.5]) { $1 })["spectrograms"])
        #expect(certain.entries.map(\.blob) == vague.entries.map(\.blob))
        func valences(_ made: Manifest) -> [Double] {
            made.entries.compactMap { made.attributes["ratings"]?[$0.id]?.list?.first?.double }
        }
        let (asked, labels) = (valences(certain), valences(vague))
        #expect(asked.count == 600 && labels.allSatisfy { (1...9).contains($0) })
        #expect((EmotionRecovery.correlation(asked, labels) - 0.5).magnitude < 0.12)
        func deviation(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / 600
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 600).squareRoot()
        }
        // Labels stay on the scale, which takes from their spread.
        #expect((0.8...1.1).contains(deviation(labels) / deviation(asked)))
        #expect(try make(given.merging(["label_certainty": 1]) { $1 })["spectrograms"] == certain)
    }

    /// The ratings of validation and test songs are nobody's to draw.
    @Test func nearIsNearTrainingSongsOnly() throws {
        let made = try make(["labels": "near", "jitter": 0, "count": 70])["spectrograms"]!
        let ratings = try #require(made.attributes["ratings"]?.map).values.compactMap { $0.list?.compactMap(\.double) }
        let table = try harness.table(study.study.labels), training = Set(try study.study.songs(in: "train"))
        func rounded(_ values: [Double]) -> [Double] { values.map { ($0 * 1e6).rounded() / 1e6 } }
        let known = Set(
            table.rows.filter { training.contains($0[0]) }.map { rounded([Double($0[1]) ?? 0, Double($0[3]) ?? 0]) })
        #expect(Set(ratings.map(rounded)).isSubset(of: known) && Set(ratings.map(rounded)).count > 3)
    }

    @Test func aGridGoesThroughAllItsCells() throws {
        let made = try make(["labels": "grid", "grid": 3, "range": [2, 8], "count": 9])["spectrograms"]!
        let ratings = try #require(made.attributes["ratings"]?.map).values.compactMap { $0.list?.compactMap(\.double) }
        #expect(
            Set(ratings.map { $0.map { ($0 * 10).rounded() / 10 } })
                == Set([2.0, 5, 8].flatMap { a in [2.0, 5, 8].map { [a, $0] } }))
    }

    @Test(
        arguments: [
            (["labels": "near"], [], "connect `labels` and `split`"), (["keep": "critic"], [], "connect `critic`"),
            (["range": [0, 8]], [], "exceeds the scale that the generator was trained on, 1 to 9"),
        ] as [([String: Value], Set<String>, String)])
    func whatIsMissingIsASentence(_ given: [String: Value], _ connect: Set<String>, _ words: String) {
        let found = sentence { _ = try make(given, connect: connect) }
        #expect(found.contains(words), "\(found)")
    }

    @Test func filesThatAreNoGeneratorAreASentence() throws {
        for (file, text, words) in [
            ("config.json", "{}", "invalid config.json"), ("weights.safetensors", "x", "weights that cannot be read"),
            ("recovery.json", "[]", "recovery.json"),
        ] {
            var broken = try #require(trained["generator"])
            let index = try #require(broken.entries.firstIndex { $0.id == file })
            broken.entries[index].blob = harness.store.write(Array(text.utf8))
            let found = sentence { _ = try harness.run(SynthesizeStage.self, inputs: ["generator": broken]) }
            #expect(found.hasPrefix("The generator on `generator` has") && found.contains(words), "\(found)")
        }
    }
}
