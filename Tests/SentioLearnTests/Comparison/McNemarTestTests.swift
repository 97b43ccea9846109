import Testing

@testable import SentioLearn

@Suite struct McNemarTestTests {
    @Test func pIsTheExactBinomialOne() throws {
        for expected in try ClassFixture.load().mcnemar {
            let test = McNemarTest(onlyFirst: expected.first, onlySecond: expected.second)
            #expect(difference([test.p], [expected.p]) < 1e-10, "\(expected.first) \(expected.second)")
        }
    }

    @Test func onlySongsThatTellThemApartCount() {
        func predictions(_ predicted: [Int]) -> ClassPredictions {
            ClassPredictions(count: 3, truth: [0, 1, 2, 0, 1], predicted: predicted, losses: [0, 0, 0, 0, 0])
        }
        let test = McNemarTest(predictions([0, 1, 0, 1, 2]), predictions([0, 2, 2, 0, 0]))
        #expect(test.onlyFirst == 1 && test.onlySecond == 2 && test.p == 1)
    }
}
