import SentioNN
import Testing

/// Numbers of Keras' `ReduceLROnPlateau(factor=0.5, patience=2, min_lr=0.2)` by its source: a cut after `patience`
/// epochs that are not lower than the best by more than 1e-4, then the count begins anew.
@Suite struct PlateauScheduleTests {
    let plateau = PlateauSchedule(factor: 0.5, patience: 2, minimum: 0.2)

    @Test func cutsAfterPatience() {
        let losses = [1.0, 0.9, 0.9, 0.95, 0.96, 0.97, 0.8, 0.79995, 0.79992, 0.8]
        let factors = (0...losses.count).map { plateau.factor(after: Array(losses.prefix($0)), rate: 1) }
        #expect(factors == [1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2])
    }

    @Test func neverBelowTheMinimum() {
        #expect(plateau.factor(after: [Double](repeating: 1, count: 99), rate: 1) == 0.2)
        #expect(
            plateau.factor(after: [Double](repeating: 1, count: 99), rate: 0.1) == 1, "A rate below the minimum stays.")
        #expect(PlateauSchedule() == PlateauSchedule(factor: 0.5, patience: 8, minimum: 1e-7, tolerance: 1e-4))
    }
}
