import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct MixStageTests {
    let harness: StageHarness
    let study: SpectrogramStudy
    /// Songs 1...8 have high valence, 1...4 and 9...12 high arousal.
    let labels: Manifest
    let split: Manifest

    init() throws {
        let harness = StageHarness(), study = try SpectrogramStudy(harness)
        (self.harness, self.study) = (harness, study)
        var rows: [[String]] = [], sets: [[String]] = []
        for (index, id) in study.ids.enumerated() {
            rows.append([id, index < 8 ? "7" : "3", "1", index % 8 < 4 ? "6" : "2", "1"])
            sets.append([id, index == 15 ? "test" : index == 14 ? "validation" : "train"])
        }
        func table(_ type: ArtifactType, _ columns: [String], _ rows: [[String]], _ attributes: [String: Value] = [:])
            -> Manifest
        {
            let blob = harness.write(Table(columns: columns, rows: rows))
            return Manifest(
                type: type, attributes: attributes, entries: [.init(id: "table", file: "t.csv", blob: blob)],
                rows: rows.map { Manifest.Row(id: $0[0], sources: [StageHarness.song($0[0])]) })
        }
        labels = table(
            .labels, ["song_id", "valence", "valence_std", "arousal", "arousal_std"], rows,
            ["scale": [1, 9], "dimensions": ["valence", "arousal"]])
        split = table(.split, ["song_id", "set"], sets)
    }

    func mix(
        _ ratio: Double, _ more: [String: Value] = [:], synthetic: Manifest? = nil, isStratified: Bool = true,
        split other: Manifest? = nil,
        labels given: Manifest? = nil
    ) throws -> Manifest {
        var inputs = [
            "real": study.spectrograms, "synthetic": try synthetic ?? study.synthetic(count: 40),
            "split": other ?? split,
        ]
        if isStratified { inputs["labels"] = given ?? labels }
        let parameters = more.merging(["ratio": .double(ratio)]) { $1 }
        guard let made = try harness.run(MixStage.self, with: parameters, inputs: inputs)["training"] else {
            throw StageFailure("nothing")
        }
        return made
    }

    func ids(_ manifest: Manifest) -> (real: [String], synthetic: [String]) {
        let ids = manifest.entries.map(\.id)
        return (ids.filter { !$0.hasPrefix("synthetic") }, ids.filter { $0.hasPrefix("synthetic") })
    }

    @Test func threeModesKeepDifferentThingsEqual() throws {
        // 14 training songs.
        for (mode, ratio, real, synthetic) in [
            ("add", 0.5, 14, 7), ("fixed-total", 0.5, 9, 5), ("replace", 0.5, 7, 7), ("add", 2, 14, 28),
            ("fixed-total", 2, 5, 9),
            ("replace", 1, 0, 14), ("add", 0, 14, 0), ("fixed-total", 0, 14, 0),
        ] as [(String, Double, Int, Int)] {
            for isStratified in [true, false] {
                let found = ids(try mix(ratio, ["mode": .string(mode)], isStratified: isStratified))
                #expect(found.real.count == real && found.synthetic.count == synthetic, "\(mode) \(ratio)")
                #expect(
                    !found.real.contains(study.ids[14]) && !found.real.contains(study.ids[15]),
                    "Held-out songs stay out.")
            }
        }
        #expect(harness.services.metrics["songs.real"] == 14 && harness.services.metrics["ratio.achieved"] == 0)
        #expect(
            try ids(mix(0.5)).synthetic == ids(mix(0.5, ["mode": "replace"])).synthetic,
            "`replace` takes the items of `add`.")
    }

    @Test func setsOfGrowingRatiosAreNested() throws {
        for isStratified in [true, false] {
            var items: Set<String> = [], songs = Set(study.ids)
            for ratio in [0, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 1.5, 2, 2.2] {
                let found = ids(try mix(ratio, ["mode": "fixed-total"], isStratified: isStratified))
                #expect(items.isSubset(of: found.synthetic) && songs.isSuperset(of: found.real), "\(ratio)")
                (items, songs) = (Set(found.synthetic), Set(found.real))
            }
        }
        #expect(try ids(mix(0.5)).synthetic != ids(mix(0.5, ["seed": 1])).synthetic)
    }

    @Test func quadrantsKeepTheirProportions() throws {
        let made = try mix(1)
        // 4 songs each, but for the last quadrant: its third and fourth are held out.
        let metrics = harness.services.metrics
        for (quadrant, songs) in [
            ("high-valence-high-arousal", 4.0), ("high-valence-low-arousal", 4), ("low-valence-high-arousal", 4),
            ("low-valence-low-arousal", 2),
        ] {
            #expect(metrics["real.\(quadrant)"] == songs && metrics["synthetic.\(quadrant)"] == songs, "\(quadrant)")
        }
        #expect(metrics["items.synthetic"] == 14 && metrics["share.synthetic"] == 0.5)
        #expect(made.attributes["ratings"]?.map?.count == 14 && made.attributes["n_mels"] == 8)
    }

    /// Four places among 4, 4, 4 and 2 songs: one each by Webster's method; a divisor of n + 1 would give the large
    /// ones five.
    @Test func smallQuadrantsAreNotRoundedAway() throws {
        _ = try mix(4.0 / 14)
        let metrics = harness.services.metrics
        let items = [
            "high-valence-high-arousal", "high-valence-low-arousal", "low-valence-high-arousal",
            "low-valence-low-arousal",
        ].map {
            metrics["synthetic.\($0)"]
        }
        #expect(items == [1, 1, 1, 1])
    }

    /// As `synthesize` and `split` have it.
    @Test func theMiddleOfTheScaleIsHigh() throws {
        var edge = labels
        let text = try harness.text(labels, "table").replacing(",7,", with: ",5,")
        edge.entries[0].blob = harness.store.write(Array(text.utf8))
        _ = try mix(0.5, labels: edge)
        #expect(harness.services.metrics["real.high-valence-high-arousal"] == 4)
        #expect(harness.services.metrics["real.low-valence-high-arousal"] == 4)
    }

    @Test func itemsBringTheSongsOfTheirGeneratorAndRatingsOfTheirOwn() throws {
        let made = try mix(1, isStratified: false)
        let real = try #require(made.entry(study.ids[0])),
            item = try #require(made.entries.first { $0.id.hasPrefix("synthetic") })
        #expect(real.fitted == nil && real.sources == [StageHarness.song(study.ids[0])])
        #expect(real.blob == study.spectrograms.entry(study.ids[0])?.blob)
        let seen = try #require(item.fitted.map { made.fittedSets[$0] })
        #expect(seen.contains(StageHarness.song(study.ids[3])) && item.sources.isEmpty)
        #expect(
            made.attributes["scale"] == [.double(1), .double(9)]
                && made.attributes["ratings"]?[item.id]?.list?.count == 2)
        #expect(made.allSongs.songs.isSubset(of: Set(study.ids.prefix(14).map(StageHarness.song))))
    }

    /// Which items are taken goes by the ratings of all training songs, so that is what the items have seen, beside the
    /// five songs of their generator.
    @Test func itemsHaveSeenTheSongsWhoseRatingsChoseThem() throws {
        for isStratified in [true, false] {
            let made = try mix(1, isStratified: isStratified),
                item = try #require(made.entries.first { $0.id.hasPrefix("synthetic") })
            let seen = try #require(item.fitted.map { made.fittedSets[$0] })
            #expect(study.ids.prefix(14).count { seen.contains(StageHarness.song($0)) } == (isStratified ? 14 : 5))
            #expect(
                !seen.contains(StageHarness.song(study.ids[14])) && !seen.contains(StageHarness.song(study.ids[15])))
        }
    }

    @Test func badInputHasASentence() throws {
        #expect(sentence { _ = try mix(-1) }.contains("`ratio` must be a number from 0 to 1000; here it is -1"))
        #expect(sentence { _ = try mix(1.5, ["mode": "replace"]) }.contains("so the ratio is at most 1"))
        #expect(
            sentence { _ = try mix(3) }
                == "`ratio: 3` of 14 songs needs 42 synthetic items, but there are 40. Raise `count` of the stage that makes them to 42, or lower `ratio`."
        )
        let high = try study.synthetic(count: 40) { _ in [8, 8] }
        #expect(
            sentence { _ = try mix(1, synthetic: high) }.hasPrefix(
                "The quadrant of high valence, low arousal has 4 songs and needs 4")
        )
        #expect(try ids(mix(1, ["stratify": "none"], synthetic: high)).synthetic.count == 14)
        #expect(sentence { _ = try mix(1, ["stratify": "quadrant"], isStratified: false) }.contains("connect `labels`"))
        var none = split
        none.rows = []
        #expect(
            sentence { _ = try mix(1, split: none) }.hasPrefix(
                "The split leaves no training song with ratings on `real`"))
        #expect(
            sentence { _ = try mix(1, synthetic: study.synthetic(count: 40) { _ in [8, 12] }) }.contains(
                "not 2 numbers from 1 to 9"))
        var unlabelled = try study.synthetic(count: 40)
        unlabelled.attributes["ratings"] = nil
        #expect(sentence { _ = try mix(1, synthetic: unlabelled) }.contains("carry no usable ratings"))
        var twin = try study.synthetic(count: 40)
        twin.entries[0].id = study.ids[0]
        #expect(
            sentence { _ = try mix(1, synthetic: twin) }.hasPrefix(
                "`song-100` names a song on `real` and an item on `synthetic`"))
    }

    @Test func aQuadrantWithoutSongsIsNamedAndStaysEmpty() throws {
        var rows = split
        let kept = study.ids.prefix(8)
        rows.rows = split.rows.filter { kept.contains($0.id) }
        let made = try mix(1, split: rows)
        #expect(ids(made).synthetic.count == 8)
        #expect(
            harness.services.warnings.count == 2
                && harness.services.warnings[0].hasPrefix("No real training song has low valence, high arousal"))
    }
}
