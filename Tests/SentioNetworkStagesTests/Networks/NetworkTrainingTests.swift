import SentioKit
import SentioNumerics
@testable import SentioNetworkStages
import SentioTesting
import Testing

/// Stopped anywhere, a training ends with the bytes of one that was left alone.
@Suite struct NetworkTrainingTests {
    let harness = StageHarness()
    static let given: [String: Value] = ["ema": 0.9, "mixup": "mixup", "epochs": 3, "keep": "best", "dropout": 0.2]

    @Test(arguments: [1, 2, 3, 5, 6])
    func aStoppedTrainingGoesOnAndEndsWithTheSameBytes(_ steps: Int) throws {
        let study = try SpectrogramStudy(harness)
        let whole = try study.train(Self.given)
        let stopped = StoppingServices(after: steps)
        #expect(throws: StageCancelled.self) { try study.train(Self.given, services: stopped) }
        let checkpoint = try #require(stopped.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        let goesOn = StoppingServices(after: .max, checkpoints: checkpoint)
        #expect(try study.train(Self.given, services: goesOn) == whole)
        #expect(goesOn.behind.lines.contains { $0.hasPrefix("Resumes from epoch ") }, "\(goesOn.behind.lines)")
        // The series are whole too, although only the end was trained here.
        #expect(goesOn.behind.series["train.loss"] == harness.services.series["train.loss"])
    }

    @Test func aFinishedTrainingIsNotRepeated() throws {
        let study = try SpectrogramStudy(harness), first = StoppingServices(after: .max)
        let whole = try study.train(Self.given, services: first)
        let again = StoppingServices(
            after: .max, checkpoints: first.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        #expect(try study.train(Self.given, services: again) == whole)
        #expect(again.behind.lines.count { $0.hasPrefix("epoch ") } == 0)
    }

    @Test(arguments: [["schedule": "constant"], ["schedule_epochs": 4]] as [[String: Value]])
    func moreEpochsGoOnFromFewer(_ schedule: [String: Value]) throws {
        let study = try SpectrogramStudy(harness), base = Self.given.merging(schedule) { $1 }
        let longer = base.merging(["epochs": 5]) { $1 }
        let whole = try study.train(longer)
        let first = StoppingServices(after: .max)
        _ = try study.train(base, services: first)
        let checkpoint = first.behind.loadCheckpoint(name: StoppingServices.checkpoint)
        let second = StoppingServices(after: .max, checkpoints: checkpoint)
        #expect(try study.train(longer, services: second) == whole)
        #expect(second.behind.lines.count { $0.hasPrefix("epoch ") } == 2, "two epochs are left to train")
        // Back to fewer: what is stored is too far, so it starts anew.
        let back = StoppingServices(
            after: .max, checkpoints: second.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        #expect(try study.train(base, services: back) == study.train(base))
    }

    @Test func onlyAScheduleThatDoesNotKnowTheEndIsProlonged() throws {
        func stage(_ given: [String: Value]) throws -> ASTTrainStage {
            try ASTTrainStage(try Configuration(ASTTrainStage.parameters, given: given))
        }
        #expect(try stage([:]).continuesOver.isEmpty)
        #expect(try stage(["schedule": "constant"]).continuesOver == ["epochs"])
        #expect(try stage(["schedule_epochs": 9]).continuesOver == ["epochs"])
    }

    @Test func everyLossAndScheduleIsFoundByItsName() {
        #expect(LossChoice.allCases.map(\.rawValue) == ["mse", "huber", "ccc", "blend"])
        for loss in LossChoice.allCases {
            #expect(LossChoice(parameter: loss.parameterValue)?.rawValue == loss.rawValue)
        }
        #expect(ScheduleChoice.allCases.map(\.rawValue) == ["constant", "cosine", "linear", "plateau"])
        for schedule in ScheduleChoice.allCases {
            #expect(ScheduleChoice(parameter: schedule.parameterValue)?.rawValue == schedule.rawValue)
        }
        #expect(LossChoice(rawValue: "rmse") == nil && ScheduleChoice(rawValue: "cosin") == nil)
    }

    @Test func aForeignCheckpointIsSaidAndNotUsed() throws {
        let study = try SpectrogramStudy(harness)
        let whole = try study.train(Self.given)
        for bytes in [[1, 2, 3], try SafetensorsFile().bytes()] as [[UInt8]] {
            let services = StoppingServices(after: .max, checkpoints: bytes)
            #expect(try study.train(Self.given, services: services) == whole)
            #expect(
                services.behind.remarks.contains { $0.hasPrefix("The checkpoint of an earlier attempt is not used: ") })
        }
    }

    @Test func theHistoryKnowsItsBestEpoch() throws {
        var history = TrainingHistory()
        #expect(history.best == nil && !history.hasStopped(patience: 1))
        for loss in [3.0, 1, 2, 1] { history.epochs.append(["validation.loss": loss, "samples_per_second": 9]) }
        #expect(history.best == 1)
        #expect(history.hasStopped(patience: 2) && !history.hasStopped(patience: 3) && !history.hasStopped(patience: 0))
        #expect(history.table().csv == "epoch,validation.loss\n1,3.0\n2,1.0\n3,2.0\n4,1.0\n")
        #expect(TrainingHistory(try JSON.parse(Array(JSON.text(history.value).utf8))) == history)
    }
}
