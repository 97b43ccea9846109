import SentioKit
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct TopTagsStageTests {
    let harness = StageHarness()

    /// One value of another part, then those of the tags; songs by id.
    private func embeddings(_ songs: [(id: String, patches: [[Float]])], tags: [Value]) -> Manifest {
        Manifest(
            type: .embeddings,
            attributes: [
                "parts": [["name": "penultimate", "size": 1], ["name": "tags", "size": 3]], "tags": .list(tags),
            ],
            entries: songs.map { id, patches -> Manifest.Entry in
                let values: [Float] = patches.flatMap { [Float(9)] + $0 }
                let array = NpyArray(values, shape: [patches.count, values.count / patches.count])
                return Manifest.Entry(
                    id: id, file: id + ".npy", blob: harness.store.write(NpyFile.write(array)),
                    sources: [StageHarness.song(id)])
            })
    }

    private func run(_ embeddings: Manifest, _ given: [String: Value] = [:]) throws -> (Manifest, Table) {
        let output = try #require(
            try harness.run(TopTagsStage.self, with: given, inputs: ["embeddings": embeddings])["tags"])
        return (output, try harness.table(output))
    }

    @Test func theMostProbableTagsComeFirst() throws {
        let songs: [(id: String, patches: [[Float]])] = [
            ("a", [[-2, 1, 0], [-2, -3, 0.5]]), ("b", [[0, 0, -1]]),
        ]
        let (manifest, table) = try run(embeddings(songs, tags: ["rock", "jazz, cool", "folk"]))
        // numpy: (1 / (1 + numpy.exp(-numpy.array(patches)))).mean(axis=0)
        // a: 0.11920292202211755, 0.3892422259037858, 0.5612296656009272; b: 0.5, 0.5, 0.2689414213699951
        #expect(
            table.rows == [
                ["a", "folk", "0.5612", "jazz, cool", "0.3892", "rock", "0.1192"],
                ["b", "rock", "0.5000", "jazz, cool", "0.5000", "folk", "0.2689"],
            ], "descending; ties in the network's order")
        #expect(table.columns.prefix(3) == ["song_id", "tag_1", "probability_1"])
        #expect(manifest.rows.map(\.sources) == [[StageHarness.song("a")], [StageHarness.song("b")]])
        let isFitted = manifest.fittedSets.contains { !$0.isEmpty }
        #expect(!isFitted)
        let (_, one) = try run(embeddings(songs, tags: ["rock", "jazz, cool", "folk"]), ["count": 1])
        #expect(one.rows == [["a", "folk", "0.5612"], ["b", "rock", "0.5000"]])
    }

    @Test func embeddingsWithoutNamesOfTagsAreRefused() throws {
        let songs: [(id: String, patches: [[Float]])] = [("a", [[0, 0, 0]])]
        #expect(
            sentence { _ = try run(embeddings(songs, tags: ["rock"])) }
                == "The attribute `tags` of the collection on `embeddings` must name 3 tags, but it names 1. Use weights from `sentio-pipeline models get`, which contain the names."
        )
        var other = embeddings(songs, tags: [])
        other.attributes["parts"] = [["name": "penultimate", "size": 4]]
        #expect(sentence { _ = try run(other) } == "The embeddings have no part `tags`; they have penultimate.")
        let narrow: [(id: String, patches: [[Float]])] = [("a", [[0]])]
        #expect(
            sentence { _ = try run(embeddings(narrow, tags: ["rock", "jazz", "folk"])) }.contains(
                "has the shape [1, 2], not [patches, values] with at least 4 values"))
    }
}
