import SentioKit
import Testing

/// The pre-images are pinned: if one of these changes, every user's cache would. `tools/pin_hashes.py` computes them
/// apart.
@Suite struct HashingTests {
    let parts = KeyParts(
        kind: "mel-extract", version: 1,
        configuration: ["n_mels": 128, "fmin": 20.0, "window": "hann", "list": [1, nil, true]],
        inputs: ["waveforms": Hashing.content("waves")], sources: [:], seed: nil)

    @Test func contentIsSHA256() {
        #expect(Hashing.content("abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Hashing.content([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func keysArePinned() {
        #expect(Hashing.stageKey(parts).hash.hex == "dda99e76ecb5f49a29d821692ce7b542524061f1f4f3d5a5a24c8cc3f7258486")
        #expect(
            Hashing.itemKey(parts, blobs: [Hashing.content("item")], seededID: nil).hash.hex
                == "ab883b9de726a68bbd1074aba49644760acf9a74fb8a296654e601ed66d3c95b")
        #expect(
            Hashing.itemKey(parts, blobs: [Hashing.content("item")], seededID: "3").hash.hex
                == "218c0fe234ee73308a0f5efe520f98c69431cdbeb49ffc1f3f849e8cf5855f5b")
        #expect(
            Hashing.sources([("b", Hashing.content("2")), ("a", Hashing.content("1"))]).hex
                == "2cf945b3aee3b24690ac2a2856aaac260c6767071bbaebf7a335e54cfb0d858f")
        #expect(Hashing.seed(run: 42, stage: "split") == 13169398399238954218)
    }

    @Test func oneNumberHoweverWritten() {
        var other = parts
        other.configuration["n_mels"] = 128.0
        other.configuration["fmin"] = 20
        #expect(Hashing.stageKey(other) == Hashing.stageKey(parts))
    }

    @Test(
        arguments: [
            { (parts: inout KeyParts) in parts.kind = "other" }, { $0.version = 2 },
            { $0.configuration["n_mels"] = 64 },
            { $0.configuration["extra"] = nil as Value }, { $0.inputs["waveforms"] = Hashing.content("others") },
            { $0.inputs = ["other": Hashing.content("waves")] }, { $0.sources["x"] = Hashing.content("x") },
            { $0.seed = 0 },
        ] as [@Sendable (inout KeyParts) -> Void])
    func everyPartCounts(change: @Sendable (inout KeyParts) -> Void) {
        var other = parts
        change(&other)
        #expect(Hashing.stageKey(other) != Hashing.stageKey(parts))
        #expect(Hashing.itemKeyPrefix(other) != Hashing.itemKeyPrefix(parts))
    }

    @Test func recordTypesNeverCollide() {
        #expect(Hashing.stageKey(parts).hash != Hashing.itemKeyPrefix(parts))
        #expect(Hashing.itemKey(parts, blobs: [], seededID: nil).hash != Hashing.itemKeyPrefix(parts))
    }

    @Test func sourcesDoNotDependOnTheirOrder() {
        let files = [("a", Hashing.content("1")), ("b", Hashing.content("2"))]
        #expect(Hashing.sources(files) == Hashing.sources(files.reversed()))
        #expect(Hashing.sources(files) != Hashing.sources([("a", Hashing.content("2")), ("b", Hashing.content("1"))]))
    }

    @Test func everyConsumerHasItsOwnSeed() {
        let seeds = [
            Hashing.seed(run: 1, stage: "a"), Hashing.seed(run: 2, stage: "a"), Hashing.seed(run: 1, stage: "b"),
            Hashing.seed(run: 1, stage: "a", item: "3"), Hashing.seed(run: 1, stage: "a", replicate: 1),
        ]
        #expect(Set(seeds).count == seeds.count)
    }

    @Test func hexRoundTripsAndRefusesOtherText() {
        let hash = Hashing.content("x")
        #expect(ContentHash(hex: hash.hex) == hash)
        #expect(hash.short.count == 12)
        #expect(ContentHash(hex: hash.hex.uppercased()) == nil)
        #expect(ContentHash(hex: hash.hex.dropLast()) == nil)
        #expect(ContentHash(hex: "") == nil)
        #expect(hash.bytes.count == 32)
    }
}
