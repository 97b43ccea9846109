import SentioKit
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct SongDatasetParametersTests {
    @Test func parametersThatDoNotGoTogetherAreRefused() {
        func problem(_ given: [String: Value]) -> String {
            sentence {
                _ = try SongDatasetStage(
                    try Configuration(
                        SongDatasetStage.parameters, given: given.merging(["source": "x"]) { given, _ in given }))
            }
        }
        #expect(problem(["scale": [9, 1]]).hasPrefix("`scale`: a scale is two numbers"))
        #expect(problem(["dimensions": ["valence", "valence"]]).hasPrefix("`dimensions`"))
        #expect(problem(["source": "demo", "scale": [0, 1]]).contains("demo songs are rated in"))
        #expect(problem(["missing": "ignore"]).contains("one of skip, error"))
        #expect(problem(["source": "demo", "columns": ["song_id": "id"]]).contains("demo songs have no tables"))
        #expect(
            problem(["columns": ["valence": "v"]])
                == "`columns`: `valence` is not a rating column; the rating columns are song_id, valence_mean, valence_std, arousal_mean, arousal_std."
        )
        #expect(problem(["columns": ["valence_men": "v"]]).hasSuffix("Did you mean `valence_mean`?"))
        #expect(
            problem(["columns": ["arousal_mean": "v", "valence_mean": "v"]])
                == "`columns`: `v` cannot be both `arousal_mean` and `valence_mean`.")
        #expect(problem(["columns": "v"]).contains("must be a map of names to the names in the tables"))
    }
}
