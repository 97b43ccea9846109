import SentioKit
import Testing

@testable import SentioCommands

/// On a narrow screen what is left to do stays, with its unit; everything else goes first.
@Suite struct LiveLineTests {
    private func line(
        _ columns: Int, name: String = "a-stage-with-quite-a-long-name",
        note: String = "rounds of the inner cross-validation",
        expected: Double? = nil, progress: Bool = true
    ) -> String {
        let start = StageStart(
            stage: name, kind: "handcrafted-features", reason: RunReason(.neverRun), expectedSeconds: expected)
        return LiveLine(
            name: name, start: start,
            progress: progress ? StageProgress(stage: name, done: 1200, total: 2000, note: note) : nil,
            before: 0, elapsed: 3600
        ).text(nameWidth: min(name.count, max(12, columns / 3)), columns: columns)
    }

    @Test func everythingWhereThereIsRoom() {
        #expect(
            line(200)
                == "a-stage-with-quite-a-long-name  handcrafted-features  ████████████░░░░░░░░  1200/2000  40 min 00 s to go  0.3/s  rounds of the inner cross-validation"
        )
    }

    @Test(arguments: 38...160)
    func whatIsLeftToDoStays(columns: Int) {
        let text = line(columns)
        #expect(text.count <= columns && text.contains("1200/2000  40 min 00 s to go"), "\(text)")
        #expect(text.hasPrefix("a-s"), "\(text)")
    }

    @Test func eightyColumnsHaveABarAndAnEnd() {
        let text = line(79)
        #expect(text.contains("█") && text.contains("40 min 00 s to go"), "\(text)")
        #expect(!text.contains("inner cross-validation"), "\(text)")
    }

    private static let training = "samples, epoch 3 of 40, step 5 of 20, loss 0.123"

    /// What a training is about goes before the bar.
    @Test func aTrainingSaysItsUnitItsEpochAndItsLoss() {
        func line(_ columns: Int) -> String { self.line(columns, name: "crnn", note: Self.training) }
        #expect(
            line(160).hasSuffix("1200/2000  40 min 00 s to go  0.3 samples/s  epoch 3 of 40, step 5 of 20, loss 0.123"))
        #expect(line(110).contains("█") && line(110).hasSuffix("0.3 samples/s  epoch 3/40, loss 0.123"), "\(line(110))")
        #expect(line(79) == "crnn  1200/2000  40 min 00 s to go  0.3 samples/s  epoch 3/40, loss 0.123")
        #expect(line(70) == "crnn  1200/2000 samples  40 min 00 s to go  epoch 3/40, loss 0.123")
        #expect(line(62) == "crnn  1200/2000  40 min 00 s to go  epoch 3/40, loss 0.123")
    }

    @Test(arguments: 24...160)
    func aTrainingNeverIsWiderThanTheScreen(columns: Int) {
        let text = line(columns, note: Self.training)
        #expect(text.count <= columns && (columns < 38 || text.contains("40 min 00 s to go")), "\(text)")
    }

    @Test(arguments: [40, 79, 120])
    func aStageWithoutStepsSaysWhatItTookLastTime(columns: Int) {
        let text = line(columns, expected: 7000, progress: false)
        #expect(text.count <= columns && text.hasSuffix("1 h 00 min of about 1 h 56 min"), "\(text)")
    }
}
