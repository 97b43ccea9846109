import SentioKit
import Testing

@testable import SentioSongStages

@Suite struct StageContextOptionTests {
    @Test(
        arguments: [
            ("blend.ridge@fold=1,inner=2", nil, "blend.ridge.folds"), ("cv.folds", "folds", "cv.folds"),
            ("folds", "folds", "folds.folds"),
            ("cv.blend.split@fold=1,inner=0", "split", "cv.blend.folds"), ("ridge@alpha=1", nil, "ridge.folds"),
        ] as [(String, String?, String)])
    func optionsAreCalledAsTheCommandLineCallsThem(stage: String, made: String?, option: String) {
        let context = StageContext(stage: stage, store: MemoryBlobStore(), services: RecordingServices())
        #expect(context.option("folds", madeAs: made) == option)
    }
}
