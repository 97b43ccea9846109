@testable import SentioNN
import Testing

@Suite struct AudioSpectrogramTransformerTorchTests {
    @Test func tenTrainingStepsAreTorchs() throws {
        let model = AudioSpectrogramTransformerTests.small()
        try checkTrainingAgainstTorch("ast", model, input: [4, 8, 13]) { model($0) }
    }
}
