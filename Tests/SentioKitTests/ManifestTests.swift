import SentioKit
import Testing

@Suite struct ManifestTests {
    let songs = ["1", "2", "3"].map { Hashing.content($0) }

    private var table: Manifest {
        Manifest(
            type: .predictions, attributes: ["scale": [1, 9]],
            entries: [.init(id: "table", file: "predictions.csv", blob: BlobReference(hash: songs[0], size: 12))],
            rows: [.init(id: "b,\"x\"", sources: [songs[1]], fitted: 0), .init(id: "a", sources: [])],
            fittedSets: [Lineage([songs[2]])], lineage: Lineage([songs[0]]))
    }

    @Test func readsWhatItWrites() throws {
        #expect(try Manifest(encoded: table.encoded()) == table)
        let collection = Manifest(
            type: .waveforms,
            entries: ["10", "9", "ü"].map { .init(id: $0, file: "\($0).npy", blob: BlobReference(hash: songs[0], size: 4), sources: songs) }
        )
        #expect(try Manifest(encoded: collection.encoded()) == collection)
        #expect(try Manifest.blobs(encoded: collection.encoded()) == collection.entries.map(\.blob))
        #expect(collection.entry("9")?.file == "9.npy")
        #expect(collection.entry("8") == nil)
    }

    @Test func equalContentGivesEqualBytesWhateverTheOrder() {
        let entries = ["b", "a"].map { Manifest.Entry(id: $0, file: $0, blob: BlobReference(hash: songs[0], size: 1)) }
        #expect(Manifest(type: .features, entries: entries).encoded() == Manifest(type: .features, entries: entries.reversed()).encoded())
    }

    @Test func aCutOrChangedManifestIsRefused() {
        let bytes = table.encoded()
        for length in 0..<bytes.count { #expect(throws: (any Error).self) { try Manifest(encoded: Array(bytes[..<length])) } }
    }

    @Test(arguments: ["a\"\u{301}", "\"", "a,b", "line\r\nend", "\"\"", "é ü", ""])
    func anyIdComesBack(id: String) throws {
        let song = Hashing.content("song")
        let manifest = Manifest(
            type: .features,
            entries: [.init(id: id, file: id + ".npy", blob: BlobReference(hash: song, size: 3), sources: [song, Hashing.content("b")])],
            rows: [.init(id: id, sources: [], fitted: 0)], fittedSets: [Lineage([song])])
        #expect(try Manifest(encoded: manifest.encoded()) == manifest)
    }
}
