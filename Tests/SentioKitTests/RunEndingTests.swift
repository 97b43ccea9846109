import SentioKit
import Testing

@Suite struct RunEndingTests {
    @Test func aRunWithAFailedExpectationDidNotSucceed() {
        let ending = RunEnding(status: .succeeded, expectations: 3, failed: 1)
        #expect(ending.clause == "finished, but 1 of 3 expectations failed" && ending.word == "expect failed")
        #expect(ending.clause(" in 3 s") == "finished in 3 s, but 1 of 3 expectations failed")
        #expect(
            RunEnding(status: .succeeded, expectations: 1, failed: 1).clause
                == "finished, but 1 of 1 expectation failed")
    }

    @Test func otherwiseItsStatusSaysIt() {
        #expect(RunEnding(status: .succeeded, expectations: 3, failed: 0).clause(" in 3 s") == "succeeded in 3 s")
        #expect(RunEnding(status: .failed, expectations: 3, failed: 2).clause == "failed")
        #expect(RunEnding(status: .interrupted, expectations: 0, failed: 0).word == "interrupted")
    }
}
