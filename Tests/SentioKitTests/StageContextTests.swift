import SentioKit
import Testing

/// The ledger: what a stage writes has seen what the stage has read, unless it hands over an earlier snapshot.
@Suite struct StageContextTests {
    let store = MemoryBlobStore()
    let services = RecordingServices()

    private enum In {
        static let features = InputPort("features", .features)
        static let predictions = InputPort("predictions", .predictions)
        static let first = InputPort("first", .predictions)
        static let a = InputPort("a", .predictions)
        static let b = InputPort("b", .predictions)
        static let model = InputPort("model", .scores)
        static let split = InputPort("split", .split)
        static let labels = InputPort("labels", .labels)
    }

    private enum Out {
        static let model = OutputPort("model", .scores, "")
        static let predictions = OutputPort("predictions", .predictions, "")
        static let items = OutputPort("items", .features, "")
    }

    private func song(_ id: String) -> ContentHash { Hashing.content("song " + id) }

    private func features(_ ids: [String], fitted: Lineage? = nil) -> Artifact {
        let entries = ids.map {
            Manifest.Entry(
                id: $0, file: "\($0).npy", blob: store.write(Array($0.utf8)), sources: [song($0)],
                fitted: fitted == nil ? nil : 0)
        }
        return Artifact(
            hash: song("manifest"),
            manifest: Manifest(type: .features, entries: entries, fittedSets: fitted.map { [$0] } ?? []))
    }

    private func context(_ inputs: [String: Artifact]) -> StageContext {
        StageContext(
            stage: "ridge", inputs: inputs,
            outputPorts: [Out.model, Out.predictions, Out.items], store: store, services: services)
    }

    private func predictions(_ ids: [String]) -> Table {
        Table(columns: ["song_id", "valence"], rows: ids.map { [$0, "5"] })
    }

    private func scored(_ manifest: Manifest, _ ids: [String]) throws -> [[String]] {
        let artifact = Artifact(hash: song("predictions"), manifest: manifest)
        return try context(["predictions": artifact]).table(In.predictions).rowsToScore(for: ids, columns: ["valence"])
    }

    @Test func mappingAnItemIsReadingIt() throws {
        let context = context(["features": features(["1", "2"])])
        #expect(try context.collection(In.features).map("2").withBytes { Array($0) } == Array("2".utf8))
        #expect(context.lineage() == Lineage([song("2")]))
        #expect(throws: StageFailure.self) { try context.collection(In.features).map("3") }
        store.damage(Hashing.content("1"))
        #expect(throws: BlobStoreError.self) { try context.collection(In.features).map("1") }
    }

    @Test func aSnapshotKeepsTheTestSongsOutOfTheModel() throws {
        let context = context(["features": features(["1", "2", "3"])])
        for id in ["1", "2"] { _ = try context.collection(In.features).read(id) }
        let seen = context.lineage()
        _ = try context.collection(In.features).read("3")
        try context.writeTable(Out.predictions, predictions(["1", "2", "3"]), fitted: seen)
        let manifest = try #require(context.outputs["predictions"])
        #expect(manifest.fittedSets == [Lineage([song("1"), song("2")])])
        #expect(manifest.row("3")?.sources == [song("3")])
        #expect(try scored(manifest, ["3"]) == [["5"]])
        let error = #expect(throws: LeakageError.self) { try scored(manifest, ["3", "2", "1"]) }
        #expect(error?.songs == ["1", "2"])
    }

    @Test func withoutASnapshotEverythingReadCounts() throws {
        let context = context(["features": features(["1", "2", "3"])])
        for id in ["1", "2", "3"] { _ = try context.collection(In.features).read(id) }
        try context.writeTable(Out.predictions, predictions(["3"]))
        let manifest = try #require(context.outputs["predictions"])
        #expect(throws: LeakageError.self) { try scored(manifest, ["3"]) }
    }

    @Test func whatANormaliserSawReachesTheModel() throws {
        let context = context(["features": features(["1"], fitted: Lineage([song("9")]))])
        _ = try context.collection(In.features).read("1")
        #expect(context.lineage() == Lineage([song("1"), song("9")]))
    }

    @Test func knowingAnIdIsNotReadingASong() {
        let context = context(["features": features(["1"])])
        #expect(context.collection(In.features).ids == ["1"])
        #expect(context.lineage().isEmpty)
    }

    @Test func readingASplitIsNotSeeingItsSongs() throws {
        let csv = store.write(Array("song_id,set\n1,test\n".utf8))
        let split = Manifest(
            type: .split, entries: [.init(id: "table", file: "split.csv", blob: csv)],
            rows: [.init(id: "1", sources: [song("1")])])
        let context = context(["split": Artifact(hash: song("split"), manifest: split)])
        #expect(try context.table(In.split).rows(for: ["1"], columns: ["set"]) == [["test"]])
        #expect(context.lineage().isEmpty)
    }

    @Test func damagedBytesNeverReachAStage() throws {
        let artifact = features(["1"])
        let blob = try #require(artifact.manifest.entry("1")).blob
        store.damage(blob.hash)
        let context = context(["features": artifact])
        let error = #expect(throws: BlobStoreError.self) { try context.collection(In.features).read("1") }
        #expect(error?.lostBlob == blob.hash)
    }

    @Test func whatMadeARowsOwnInputCountsForTheRow() throws {
        // A stacked model: the training row's prediction is honest, the test row's was made by a model that saw the
        // test song.
        let csv = store.write(Array(predictions(["1", "3"]).csv.utf8))
        let first = Manifest(
            type: .predictions, entries: [.init(id: "table", file: "p.csv", blob: csv)],
            rows: [.init(id: "1", sources: [song("1")], fitted: 0), .init(id: "3", sources: [song("3")], fitted: 1)],
            fittedSets: [Lineage([song("2")]), Lineage([song("3")])])
        let context = context(["first": Artifact(hash: song("first"), manifest: first)])
        let table = try context.table(In.first)
        _ = try table.rows(for: ["1"], columns: ["valence"])
        let seen = context.lineage()
        _ = try table.rows(for: ["3"], columns: ["valence"])
        try context.writeTable(Out.predictions, predictions(["1", "3"]), fitted: seen)
        let manifest = try #require(context.outputs["predictions"])
        #expect(throws: LeakageError.self) { try scored(manifest, ["3"]) }
        #expect(manifest.row("1")?.fitted.map { manifest.fittedSets[$0] } == Lineage([song("1"), song("2")]))
    }

    @Test func aRowThatWasNotReadCountsForNothing() throws {
        // Two fold models, each of which predicts both songs; of each only the song it had not seen is taken.
        func fold(_ name: String, training: String) -> Artifact {
            let csv = store.write(Array(predictions(["1", "2"]).csv.utf8))
            return Artifact(
                hash: song(name),
                manifest: Manifest(
                    type: .predictions, entries: [.init(id: "table", file: "p.csv", blob: csv)],
                    rows: ["1", "2"].map { .init(id: $0, sources: [song($0)], fitted: 0) },
                    fittedSets: [Lineage([song(training)])]))
        }
        let context = context(["a": fold("a", training: "2"), "b": fold("b", training: "1")])
        _ = try context.table(In.a).rowsToScore(for: ["1"], columns: ["valence"])
        _ = try context.table(In.b).rowsToScore(for: ["2"], columns: ["valence"])
        try context.writeTable(Out.predictions, predictions(["1", "2"]), fittedSets: [], fittedSet: { _ in nil })
        let pooled = try #require(context.outputs["predictions"])
        #expect(try scored(pooled, ["1", "2"]).count == 2)
        #expect(pooled.row("1")?.fitted.map { pooled.fittedSets[$0] } == Lineage([song("2")]))
    }

    @Test func aSetThatTheGivenOneHoldsIsNotUnitedAgain() throws {
        let context = context(["features": features(["1", "2"], fitted: Lineage([song("8")]))])
        for id in ["1", "2"] { _ = try context.collection(In.features).read(id) }
        try context.writeTable(
            Out.predictions, predictions(["1", "2"]),
            fittedSets: [Lineage([song("8"), song("9")]), Lineage([song("9")])],
            fittedSet: { $0 == "1" ? 0 : 1 })
        let manifest = try #require(context.outputs["predictions"])
        #expect(manifest.fittedSets == [Lineage([song("8"), song("9")])])
    }

    @Test func aModelReadAfterTheSnapshotCountsAllTheSame() throws {
        let model = Manifest(
            type: .scores, entries: [.init(id: "m", file: "m", blob: store.write([1]))], lineage: Lineage([song("3")]))
        let context = context(["model": Artifact(hash: song("m"), manifest: model), "features": features(["3"])])
        let seen = context.lineage()
        _ = try context.file(In.model)
        _ = try context.collection(In.features).read("3")
        try context.writeTable(Out.predictions, predictions(["3"]), fitted: seen)
        let manifest = try #require(context.outputs["predictions"])
        #expect(throws: LeakageError.self) { try scored(manifest, ["3"]) }
        try context.write(Out.model, file: "model", [2], lineage: seen)
        #expect(context.outputs["model"]?.lineage == Lineage([song("3")]))
    }

    @Test func aCollectionHasSeenWhatItsStageHasRead() throws {
        let artifact = features(["1", "2"])
        let reading = context(["features": artifact])
        for id in ["1", "2"] { _ = try reading.collection(In.features).read(id) }
        let entries = artifact.manifest.entries.map { Manifest.Entry(id: $0.id, file: $0.file, blob: $0.blob) }
        try reading.writeCollection(Out.items, entries)
        let manifest = try #require(reading.outputs["items"])
        #expect(manifest.entry("1")?.fitted.map { manifest.fittedSets[$0] } == Lineage([song("1"), song("2")]))
        #expect(manifest.entry("1")?.sources == [song("1")], "an id that an input knows has its songs")
        try reading.writeCollection(Out.items, entries, fitted: Lineage())
        #expect(reading.outputs["items"]?.fittedSets == [])
    }

    @Test func aRowOfUnknownOriginTakesTheSongsThatOtherInputsKnow() throws {
        let csv = store.write(Array(predictions(["1"]).csv.utf8))
        let rows = Manifest(
            type: .predictions, entries: [.init(id: "table", file: "p.csv", blob: csv)],
            rows: [.init(id: "1", sources: [], fitted: 0)],
            fittedSets: [Lineage([song("1")])])
        let artifact = Artifact(hash: song("rows"), manifest: rows)
        let known = context(["predictions": artifact, "features": features(["1"])])
        #expect(throws: LeakageError.self) {
            try known.table(In.predictions).rowsToScore(for: ["1"], columns: ["valence"])
        }
        let error = #expect(throws: StageFailure.self) {
            try context(["predictions": artifact]).table(In.predictions).rowsToScore(for: ["1"], columns: ["valence"])
        }
        #expect(error?.sentence.contains("The song behind the row `1`") == true)
    }

    @Test func scoringIsReading() throws {
        let csv = store.write(Array(predictions(["1", "2"]).csv.utf8))
        let rows = Manifest(
            type: .predictions, entries: [.init(id: "table", file: "p.csv", blob: csv)],
            rows: ["1", "2"].map { .init(id: $0, sources: [song($0)], fitted: 0) }, fittedSets: [Lineage([song("2")])])
        let context = context(["predictions": Artifact(hash: song("rows"), manifest: rows)])
        _ = try context.table(In.predictions).rowsToScore(for: ["1"], columns: ["valence"])
        #expect(context.lineage() == Lineage([song("1"), song("2")]))
        let other = self.context(["predictions": Artifact(hash: song("rows"), manifest: rows)])
        _ = try other.table(In.predictions).rowsInSample(for: ["2"], columns: ["valence"])
        #expect(other.lineage() == Lineage([song("2")]))
    }

    @Test func aTableWithoutItsColumnIsASentence() throws {
        let csv = store.write(Array("song_id,valence\n1,5\n".utf8))
        let labels = Manifest(
            type: .labels, entries: [.init(id: "table", file: "labels.csv", blob: csv)],
            rows: [.init(id: "1", sources: [])])
        let context = context(["labels": Artifact(hash: song("labels"), manifest: labels)])
        let error = #expect(throws: StageFailure.self) {
            try context.table(In.labels).rows(for: ["1"], columns: ["arousal"])
        }
        #expect(error?.sentence == "The table on `labels` of ridge has no column `arousal`. It has song_id, valence.")
    }
}
