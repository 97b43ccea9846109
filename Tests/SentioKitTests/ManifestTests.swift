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
            entries: ["10", "9", "ü"].map {
                .init(id: $0, file: "\($0).npy", blob: BlobReference(hash: songs[0], size: 4), sources: songs)
            }
        )
        #expect(try Manifest(encoded: collection.encoded()) == collection)
        #expect(try Manifest.blobs(encoded: collection.encoded()) == collection.entries.map(\.blob))
        #expect(collection.entry("9")?.file == "9.npy")
        #expect(collection.entry("8") == nil)
    }

    @Test func equalContentGivesEqualBytesWhateverTheOrder() {
        let entries = ["b", "a"].map { Manifest.Entry(id: $0, file: $0, blob: BlobReference(hash: songs[0], size: 1)) }
        #expect(
            Manifest(type: .features, entries: entries).encoded()
                == Manifest(type: .features, entries: entries.reversed()).encoded())
    }

    @Test func aCutOrChangedManifestIsRefused() {
        let bytes = table.encoded()
        for length in 0..<bytes.count {
            #expect(throws: (any Error).self) { try Manifest(encoded: Array(bytes[..<length])) }
        }
    }

    /// A planted manifest: 80 GB were reserved for the count of its entries, and the sum of their sizes overflowed.
    @Test func countsAndSizesBeyondReasonAreRefused() throws {
        let text = String(decoding: table.encoded(), as: UTF8.self)
        /// What each way of reading says of the manifest with a change.
        func problems(_ old: String, _ new: String) -> [String] {
            #expect(text.contains(old))
            let bytes = Array(text.replacing(old, with: new).utf8)
            func problem(_ read: () throws -> Void) -> String {
                do {
                    try read()
                    return "none"
                } catch { return (error as? ManifestError)?.problem ?? "\(error)" }
            }
            return [
                problem { _ = try Manifest(encoded: bytes) }, problem { _ = try Manifest.blobs(encoded: bytes) },
                problem { _ = try Manifest.amount(encoded: bytes) },
            ]
        }
        for (name, count) in [("\"entries\":", 1), ("\"rows\":", 2), ("\"fitted_sets\":", 1)] {
            for wrong in [2_000_000_000, Int.max, -1] {
                #expect(
                    problems("\(name)\(count)", "\(name)\(wrong)")
                        == [String](repeating: "its header announces more lines than it has", count: 3))
            }
        }
        #expect(
            problems(",12,,", ",\(Int.max),,")
                == [String](repeating: "its blobs add up to more than 2^53 bytes", count: 3))
        let entries = ["a", "b"].map {
            Manifest.Entry(id: $0, file: $0, blob: BlobReference(hash: songs[0], size: 1 << 53), sources: [])
        }
        #expect(throws: ManifestError.self) {
            try Manifest.amount(encoded: Manifest(type: .features, entries: entries).encoded())
        }
        #expect(
            try Manifest.amount(encoded: Manifest(type: .features, entries: [entries[0]]).encoded()).bytes == 0x1p53)
    }

    @Test(arguments: ["a\"\u{301}", "\"", "a,b", "line\r\nend", "\"\"", "é ü", ""])
    func anyIdComesBack(id: String) throws {
        let song = Hashing.content("song")
        let manifest = Manifest(
            type: .features,
            entries: [
                .init(
                    id: id, file: id + ".npy", blob: BlobReference(hash: song, size: 3),
                    sources: [song, Hashing.content("b")])
            ],
            rows: [.init(id: id, sources: [], fitted: 0)], fittedSets: [Lineage([song])])
        #expect(try Manifest(encoded: manifest.encoded()) == manifest)
    }
}
