import SentioNN
import SentioNumerics
import Testing

@Suite struct MovingAverageTests {
    struct One: Layer {
        let parameter = Weight([2], .zeros)
        var parameters: [(name: String, parameter: Weight)] { [("one", parameter)] }
    }

    /// The decay grows as (1 + n) / (10 + n), up to the given one.
    @Test func forgetsItsStartAndThenAverages() {
        let parameters = ParameterSet(One(), seed: 0), average = MovingAverage(parameters, decay: 0.15)
        parameters.values.pointer[0] = 1
        average.update(parameters)
        #expect(abs(average.values.pointer[0] - 0.9) < 1e-6)
        average.update(parameters)
        #expect(abs(average.values.pointer[0] - (0.9 + 0.85 * 0.1)) < 1e-6)
        #expect(average.values.pointer[1] == 0)
    }
}
