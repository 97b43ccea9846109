import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

/// Everything that a user can get wrong ends with a sentence that says where, and what to do.
@Suite struct ASTTrainStageErrorTests {
    let harness = StageHarness()

    private func refused(_ given: [String: Value], change: (inout SpectrogramStudy) throws -> Void = { _ in }) throws
        -> String
    {
        var study = try SpectrogramStudy(harness)
        try change(&study)
        return sentence { _ = try study.train(given) }
    }

    private func array(_ shape: [Int], _ value: Float = -40) -> [UInt8] {
        NpyFile.write(NpyArray([Float](repeating: value, count: shape.reduce(1, *)), shape: shape))
    }

    @Test func spectrogramsOfOtherBands() throws {
        let text = try refused([:]) { $0.replace(try $0.songs(in: "train")[2], array([9, 20])) }
        #expect(text.contains("has 9 mel bands where song song-1") && text.contains("has 8."), "\(text)")
        let held = try refused([:]) { $0.replace(try $0.songs(in: "test")[0], array([9, 20])) }
        #expect(held.contains("has 9 mel bands where the network takes 8."), "\(held)")
    }

    @Test func patchoutThatLeavesNothing() throws {
        #expect(try refused(["patchout": [1]]).hasPrefix("`patchout`: give two numbers"))
        #expect(
            try refused(["patchout": [2, 0]]).hasPrefix("`patchout: [2, 0]` leaves none of the 2 rows and 4 columns"))
    }

    @Test func aValueThatIsNoNumber() throws {
        var song = ""
        let text = try refused([:]) {
            song = try $0.songs(in: "train")[1]
            var values = [Float](repeating: -40, count: 160)
            values[45] = .nan
            $0.replace(song, NpyFile.write(NpyArray(values, shape: [8, 20])))
        }
        #expect(text.contains("of song \(song) on `spectrograms` has the value nan in band 2, frame 5"), "\(text)")
    }

    @Test func whatIsNoSpectrogram() throws {
        func text(_ bytes: [UInt8]) throws -> String {
            try refused([:]) { $0.replace(try $0.songs(in: "train")[0], bytes) }
        }
        #expect(try text([1, 2, 3]).contains("cannot be read. This is not a .npy file"))
        #expect(try text(array([160])).contains("has the shape [160]; [mels, frames] is needed"))
        #expect(try text(array([8, 0])).contains("both at least 1"))
        let doubles = NpyFile.write(NpyArray([Double](repeating: 0, count: 160), shape: [8, 20]))
        #expect(try text(doubles).contains("holds values of type '<f8'; float32 is needed"))
    }

    @Test func lengthsThatDiffer() throws {
        let text = try refused(["frames": 0])
        #expect(
            text.contains("`frames: 0` takes whole spectrograms of equal length, but song song-1")
                && text.contains("Set `frames`"))
        // Equal ones are taken.
        let study = try SpectrogramStudy(harness, frames: { _ in 16 })
        _ = try study.train(["frames": 0, "epochs": 1])
    }

    @Test func patchesThatDoNotFit() throws {
        #expect(
            try refused(["patch": 16, "frames": 20]).contains(
                "A patch of 16 does not fit spectrograms of 8 mels x 20 frames."))
        #expect(try refused(["patch": 8, "frames": 6]) == "`frames`: a crop of 6 frames is shorter than a patch of 8.")
        #expect(try refused(["heads": 3]) == "`heads`: 3 heads do not divide a width (`dim`) of 16.")
        #expect(try refused(["stride": 5]).hasPrefix("`stride`: it must not exceed `patch`, 4"))
    }

    @Test func noSongs() throws {
        let text = try refused([:]) { $0.spectrograms.entries.removeAll() }
        #expect(text == "The split leaves no song with spectrogram and labels to train on.")
        let study = try SpectrogramStudy(harness, validation: 0)
        let without = sentence { _ = try study.train(["patience": 3]) }
        #expect(without.contains("`patience` needs validation songs, and the split has none"), "\(without)")
    }

    @Test func songsLeftOutAreNamed() throws {
        var study = try SpectrogramStudy(harness)
        study.spectrograms.entries.removeAll { $0.id == "song-103" }
        let outputs = try study.train(["epochs": 1])
        #expect(harness.services.warnings == ["1 song of the split without spectrogram or labels left out: song-103."])
        #expect(outputs["predictions"]?.rows.count == study.ids.count - 1)
    }

    @Test func choicesThatDoNotGoTogether() throws {
        #expect(
            try refused(["keep": "best", "fit_on": ["train", "validation"]]).contains("cannot be in `fit_on` as well"))
        #expect(try refused(["normalisation": "clip", "gain": 3]).contains("set `gain: 0`"))
        #expect(try refused(["loss": "ccc", "batch": 1]).contains("compares the songs of a batch"))
        #expect(
            try refused(["schedule": "constant", "schedule_epochs": 4]).contains(
                "does not depend on the number of epochs"))
    }

    @Test func aTrainingThatDiverges() throws {
        let text = try refused(["learning_rate": 10, "epochs": 200, "schedule": "constant", "weight_decay": 10])
        #expect(text.contains("The training diverged in epoch") && text.contains("Lower the learning rate"), "\(text)")
    }

    @Test func aNetworkLargerThanTheMachine() throws {
        let text = try refused(["dim": 8192, "heads": 8, "ffn": 65536, "depth": 100])
        #expect(
            text.hasPrefix("This training needs about ") && text.contains("Lower `frames` or the network's size"),
            "\(text)")
    }

    @Test func ratersThatAreMissing() throws {
        let text = try refused(["noise_tau": 1]) {
            let table = try harness.table($0.labels)
            let plain = Table(
                columns: ["song_id", "valence", "arousal"], rows: table.rows.map { [$0[0], $0[1], $0[3]] })
            $0.labels.entries[0].blob = harness.store.write(Array(plain.csv.utf8))
        }
        #expect(
            text.contains("the labels have no column `valence_std`") && text.contains("Set `noise_tau: null`"),
            "\(text)")
    }
}
