import SentioAudio
import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

/// `fingerprint`, `near-duplicates`, and what `split` makes of them.
@Suite struct NearDuplicatesTests {
    let harness = StageHarness()

    /// Random words; `errors` of 100 bits are turned.
    static func clip(_ seed: UInt64, frames: Range<Int> = 0..<400, errors: UInt64 = 0) -> AcousticFingerprint {
        func mixed(_ value: UInt64) -> UInt64 {
            var z = (value &+ 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
        let words = frames.map { frame -> UInt32 in
            let place = seed << 32 | UInt64(frame)
            var word = UInt32(truncatingIfNeeded: mixed(place))
            for bit in 0..<32 {
                let chance = mixed(mixed(place) &+ UInt64(bit)) % 100
                if chance < errors { word ^= UInt32(1) << UInt32(bit) }
            }
            return word
        }
        return AcousticFingerprint(words: words, masks: words.map { _ in 0xFFFF })
    }

    func fingerprints(_ clips: [String: AcousticFingerprint]) -> Manifest {
        harness.collection(
            .fingerprints, clips.mapValues { NpyFile.write(NpyArray($0.packed, shape: [$0.count])) },
            attributes: ["frame_seconds": .double(AcousticFingerprint.frameSeconds)])
    }

    func duplicates(
        _ clips: [String: AcousticFingerprint], _ given: [String: Value] = [:], labels: Manifest? = nil
    ) throws -> [String: Manifest] {
        var inputs = ["fingerprints": fingerprints(clips)]
        inputs["labels"] = labels
        return try harness.run(NearDuplicatesStage.self, with: given, inputs: inputs)
    }

    static let clips = [
        "a": clip(1), "b": clip(2), "c": clip(1, frames: 100..<400, errors: 4), "d": clip(3),
        "e": clip(2, frames: 0..<200, errors: 2), "f": clip(2, frames: 199..<400), "silent": clip(9, frames: 0..<50),
    ]

    @Test func copiesAreGroupedAndNamed() throws {
        let outputs = try duplicates(Self.clips)
        let groups = try harness.table(outputs["duplicates"]!)
        #expect(groups.columns == ["song_id", "group"])
        // e and f share one frame only; both are excerpts of b.
        #expect(
            groups.rows == [
                ["a", "1"], ["b", "2"], ["c", "1"], ["d", ""], ["e", "2"], ["f", "2"], ["silent", ""],
            ])
        let pairs = try CSVReader.read(try harness.store.read(outputs["pairs"]!.entries[0].blob))
        #expect(pairs.columns == ["song_a", "song_b", "similarity", "offset_seconds", "overlap_seconds"])
        #expect(pairs.rows.map { [$0[0], $0[1]] } == [["a", "c"], ["b", "e"], ["b", "f"]])
        #expect(pairs.rows.map { $0[3] } == ["2.33", "0.00", "4.63"])
        #expect(pairs.rows[2][2] == "1.0000" && pairs.rows[2][4] == "4.68")
        #expect(
            harness.services.warnings == [
                "1 song has less than 3 s of sound and cannot be compared, so copies of it go undetected: silent.",
                "3 pairs of songs are the same recording: a and c, b and e, b and f. To keep them together, connect this stage to `duplicates` of `split` or `cross-validate`.",
            ])
        #expect(harness.services.metrics["pairs"] == 3 && harness.services.metrics["groups"] == 2)
        #expect(outputs["duplicates"]?.carriesSongData == false)
        #expect(outputs["duplicates"]?.row("a")?.sources == [StageHarness.song("a")])
    }

    @Test func theThresholdAndTheOverlapDecide() throws {
        _ = try duplicates(Self.clips, ["threshold": 1])
        #expect(harness.services.metrics["pairs"] == 1)
        _ = try duplicates(Self.clips, ["overlap": 5])
        #expect(harness.services.metrics["pairs"] == 1)
        _ = try duplicates(["a": Self.clip(1), "d": Self.clip(3)])
        #expect(harness.services.lines.last == "No two of 2 songs are the same recording.")
    }

    @Test func ratingsOfOneRecordingAreCompared() throws {
        let table = Table(
            columns: ["song_id", "valence", "arousal"],
            rows: [["a", "5", "3"], ["b", "2", "2"], ["c", "6.5", "2.5"]])
        let labels = Manifest(
            type: .labels, attributes: ["scale": [1, 9], "dimensions": ["valence", "arousal"]],
            entries: [Manifest.Entry(id: "table", file: "labels.csv", blob: harness.write(table))],
            rows: ["a", "b", "c"].map { Manifest.Row(id: $0, sources: [StageHarness.song($0)]) })
        let outputs = try duplicates(Self.clips, labels: labels)
        let pairs = try CSVReader.read(try harness.store.read(outputs["pairs"]!.entries[0].blob))
        #expect(pairs.columns.suffix(2) == ["valence_difference", "arousal_difference"])
        #expect(pairs.rows.map { Array($0.suffix(2)) } == [["1.5", "0.5"], ["", ""], ["", ""]])
        #expect(harness.services.metrics["difference.valence"] == 1.5)
    }

    @Test func aForeignArrayIsASentence() throws {
        let strange = harness.collection(.fingerprints, ["x": NpyFile.write(NpyArray([Float(1)], shape: [1]))])
        #expect(
            sentence { try harness.run(NearDuplicatesStage.self, inputs: ["fingerprints": strange]) }
                == "The fingerprint of song x is not int64 [frames]. Compute it with `fingerprint`.")
    }

    @Test func aFingerprintOfASongIsThatOfItsSound() throws {
        let song = try AudioDecoder().decode(try DemoSongs.song(index: 3, count: 60).mp3).samples
        func waves(_ samples: [Float], _ id: String) -> [String: [UInt8]] {
            [id: NpyFile.write(NpyArray(samples, shape: [samples.count]))]
        }
        let items = waves(song, "a").merging(waves([Float](repeating: 0, count: 30_000), "b")) { $1 }
            .merging(waves([0.5], "c")) { $1 }
        let waveforms = harness.collection(.waveforms, items, attributes: ["sample_rate": 22_050])
        let made = try harness.runItems(FingerprintStage.self, port: "waveforms", waveforms)
        let array = try NpyFile.read(try harness.store.read(try #require(made.entry("a")).blob))
        let own = try Fingerprinter(sampleRate: 22_050).fingerprint(song)
        #expect(array == NpyArray(own.packed, shape: [own.count]) && own.count > 400)
        #expect(try NpyFile.read(try harness.store.read(try #require(made.entry("c")).blob)).count == 0)
        let worker = try FingerprintStage(try Configuration([], given: [:])).makeWorker(
            SharedInputs(attributes: ["waveforms": ["sample_rate": 22_050]]))
        for (id, part) in [("b", "silent"), ("c", "too short")] {
            let item = Item(id: id, bytes: ["waveforms": items[id] ?? []])
            _ = try worker.process(item)
            #expect(item.warnings.count == 1 && item.warnings[0].contains(part))
        }
        #expect(
            sentence {
                _ = try FingerprintStage(try Configuration([], given: [:])).makeWorker(
                    SharedInputs(attributes: ["waveforms": ["sample_rate": 2000]]))
            }.contains("frequencies up to 2000 Hz"))
    }

    /// A table of duplicates of the toy study: the song pairs given.
    func table(_ study: ToyStudy, _ groups: [[Int]], without unknown: Set<Int> = []) -> Manifest {
        let rows = study.ids.enumerated().filter { !unknown.contains($0.offset) }.map { index, id in
            [id, groups.firstIndex { $0.contains(index) }.map { String($0 + 1) } ?? ""]
        }
        return Manifest(
            type: .duplicates,
            entries: [
                Manifest.Entry(
                    id: "table", file: "duplicates.csv",
                    blob: harness.write(Table(columns: ["song_id", "group"], rows: rows)))
            ],
            rows: rows.map { Manifest.Row(id: $0[0], sources: [StageHarness.song($0[0])]) })
    }

    @Test func splitKeepsCopiesTogether() throws {
        let study = try ToyStudy(harness, artist: { "artist \($0 / 2)" })
        // Songs 0 and 39 are one recording, and with them the songs of their artists.
        let duplicates = table(study, [[0, 39], [4, 10, 20]])
        for seed in 0..<5 {
            let made = try harness.run(
                SplitStage.self, with: ["test": 0.3, "group": "artist"],
                inputs: ["labels": study.labels, "duplicates": duplicates], seed: UInt64(seed))["split"]!
            let table = try harness.table(made)
            #expect(table.columns == ["song_id", "set", "fold", "group", "recording"])
            for songs in [[0, 1, 38, 39], [4, 5, 10, 11, 20, 21]] {
                #expect(Set(songs.map { table.cell(study.ids[$0], "group") }).count == 1)
                #expect(Set(songs.map { table.cell(study.ids[$0], "set") }).count == 1)
            }
            #expect(table.cell(study.ids[39], "recording") == "1" && table.cell(study.ids[1], "recording") == "")
            #expect(!made.carriesSongData && made.row(study.ids[39])?.sources == [StageHarness.song(study.ids[39])])
        }
        #expect(harness.services.metrics["groups"] == 17)
    }

    @Test func withoutCopiesTheSplitIsTheSame() throws {
        let study = try ToyStudy(harness)
        let plain = try harness.table(study.split)
        #expect(plain.columns == ["song_id", "set", "fold", "group"])
        let with = try harness.run(
            SplitStage.self, with: ["test": 0.25, "validation": 0.1, "group": "artist"],
            inputs: ["labels": study.labels, "duplicates": table(study, [])])["split"]!
        #expect(try harness.table(with).rows.map { Array($0.prefix(4)) } == plain.rows)
    }

    @Test func songsThatWereNotComparedAreToldOf() throws {
        let study = try ToyStudy(harness)
        _ = try harness.run(
            SplitStage.self, inputs: ["labels": study.labels, "duplicates": table(study, [[0, 1]], without: [5, 7])])
        #expect(
            harness.services.warnings == [
                "2 songs are not in `duplicates`, so copies of them go undetected: song-105, song-107."
            ])
    }

    @Test func aPublishedSplitLosesTheCopiesThatTrainingHas() throws {
        let study = try ToyStudy(harness, count: 12)
        var labels = study.labels
        var cells = try harness.table(labels)
        cells.columns.append("published")
        cells.rows = cells.rows.enumerated().map { $1 + [$0 < 8 ? "train" : "test"] }
        labels.entries[0].blob = harness.write(cells)
        let split = try harness.run(
            SplitStage.self, with: ["column": "published"],
            inputs: ["labels": labels, "duplicates": table(study, [[2, 9], [4, 5]])])["split"]!
        let table = try harness.table(split)
        #expect(table.rows.count == 11 && table.cell("song-102", "set") == nil)
        #expect(table.cell("song-104", "set") == "train" && table.cell("song-105", "set") == "train")
        #expect(
            harness.services.warnings.last
                == "The published split `published` has copies of one recording in different sets; 1 song is left out so that only the held-out copy is used: song-102 (a copy of song-109)."
        )
    }
}
