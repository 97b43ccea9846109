import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct FrechetDistanceStageTests {
    let harness = StageHarness()

    private static let attributes: [String: Value] = [
        "parts": [["name": "penultimate", "size": 4], ["name": "tags", "size": 2]], "architecture": "musicnn",
    ]

    /// Three patches of normal numbers for each id, of which the middle one counts; the others are far away.
    private func embeddings(_ ids: [String], stream: UInt64, spread: Float = 1, shift: Float = 0) -> Manifest {
        var random = Philox(key: 5, stream: stream), items: [String: [UInt8]] = [:]
        for id in ids {
            let middle = (0..<6).map { _ in spread * Float(random.nextNormal()) + shift }
            let far = [Float](repeating: 1000, count: 6)
            items[id] = NpyFile.write(NpyArray(far + middle + far, shape: [3, 6]))
        }
        return harness.collection(.embeddings, items, attributes: Self.attributes)
    }

    private static let songs = (100..<140).map { "song-\($0)" }
    private static let made = (100..<150).map { "synthetic-\($0)" }

    private func compare(
        _ synthetic: Manifest, real: Manifest? = nil, split: Manifest? = nil, _ given: [String: Value] = [:]
    ) throws -> [String: Double] {
        var inputs = ["synthetic": synthetic, "real": real ?? embeddings(Self.songs, stream: 1)]
        inputs["split"] = split
        let heard = RecordingServices()
        let found = try harness.run(FrechetDistanceStage.self, with: given, inputs: inputs, services: heard)
        let figures = try JSON.parse(Array(harness.text(#require(found["distance"]), "distance.json").utf8))
        #expect(figures["frechet.synthetic"]?.double == heard.metrics["frechet.synthetic"])
        return heard.metrics.merging(["items": figures["items"]?.double ?? 0]) { $1 }
    }

    @Test func itemsOfTheSameDistributionAreAsNearAsSongsAreToEachOther() throws {
        let found = try compare(embeddings(Self.made, stream: 2))
        #expect(found["items"] == 20, "half of the songs, and as many items")
        let excess = try #require(found["frechet.excess"]), real = try #require(found["frechet.real"])
        #expect(real > 0 && excess.magnitude < real, "\(found)")
        #expect(try #require(found["coverage.synthetic"]) > 0.7)
        #expect((try #require(found["diversity"]) - 1).magnitude < 0.2)
        #expect(try #require(found["frechet.synthetic.deviation"]) > 0)
    }

    @Test func noiseIsFarAndDoesNotCountAsDiversity() throws {
        let found = try compare(embeddings(Self.made, stream: 2, spread: 10))
        #expect(try #require(found["diversity"]) > 5)
        let coverage = try #require(found["coverage.synthetic"]), real = try #require(found["coverage.real"])
        #expect(coverage < 0.3 * real)
        #expect(try #require(found["frechet.excess"]) > 100)
    }

    /// One vector many times covers what is near it, and has no diversity.
    @Test func aCollapsedSetIsFarAndHasNoDiversity() throws {
        let found = try compare(embeddings(Self.made, stream: 2, spread: 0))
        #expect(found["diversity"] == 0)
        let excess = try #require(found["frechet.excess"]), within = try #require(found["frechet.real"])
        #expect(excess > within)
    }

    @Test func theShiftOfThePartIsTheDistance() throws {
        let songs = embeddings(Self.songs, stream: 1)
        let near = try compare(embeddings(Self.made, stream: 2), real: songs, ["covariance": "sample", "part": "tags"])
        let far = try compare(
            embeddings(Self.made, stream: 2, shift: 5), real: songs, ["covariance": "sample", "part": "tags"])
        let (a, b) = (try #require(near["frechet.synthetic"]), try #require(far["frechet.synthetic"]))
        // Two dimensions, each moved by 5, give or take the difference of the means.
        #expect((b - a - 50).magnitude < 10, "\(a), \(b)")
        #expect(near["frechet.real"] == far["frechet.real"])
    }

    @Test func onlyTrainingSongsAreRead() throws {
        let study = try GANStudy(harness, count: 40)
        var songs = embeddings(study.study.ids, stream: 1)
        let training = try study.study.songs(in: "train"), made = embeddings(Self.made, stream: 2)
        let whole = try compare(made, real: songs, split: study.study.split)
        for index in songs.entries.indices where !training.contains(songs.entries[index].id) {
            songs.entries[index].blob = harness.store.write([1, 2, 3])
        }
        #expect(try compare(made, real: songs, split: study.study.split) == whole)
        #expect(whole["items"] == Double(training.count / 2))
    }

    @Test func whatCannotBeComparedIsASentence() throws {
        let made = embeddings(Self.made, stream: 2)
        var other = embeddings(Self.songs, stream: 1)
        other.attributes["architecture"] = "vgg"
        #expect(sentence { _ = try compare(made, real: other) }.contains("come from different networks"))
        #expect(sentence { _ = try compare(made, ["part": "tag"]) }.contains("Did you mean `tags`?"))
        let few = embeddings(Array(Self.songs.prefix(9)), stream: 1)
        #expect(sentence { _ = try compare(made, real: few) }.hasPrefix("9 songs and 50 synthetic items are too few"))
    }

    @Test func aSingularCovarianceIsSaid() throws {
        let heard = RecordingServices()
        let few = embeddings(Array(Self.songs.prefix(8)), stream: 1)
        try harness.run(
            FrechetDistanceStage.self, with: ["covariance": "sample", "neighbors": 2],
            inputs: ["synthetic": embeddings(Self.made, stream: 2), "real": few], services: heard)
        #expect(heard.warnings.contains { $0.hasPrefix("4 items in 4 dimensions: the sample covariance is singular") })
    }
}
