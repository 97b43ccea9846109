import SentioKit
import Testing

@testable import SentioNetworkStages

/// What trainings of songs and of moments have in common.
@Suite struct RegressionRecipeTests {
    private func history(_ losses: [Double]) -> TrainingHistory {
        var history = TrainingHistory()
        history.epochs = losses.map { [TrainingHistory.validationLoss: $0] }
        return history
    }

    private func recipes(_ epochs: Int, _ keep: Keep) -> [any RegressionRecipe] {
        var songs = TrainingRecipe(), moments = SequenceRecipe()
        (songs.epochs, songs.keep) = (epochs, keep)
        (moments.epochs, moments.keep) = (epochs, keep)
        return [songs, moments]
    }

    @Test func theLengthOfATrainingIsJudgedByValidationSongs() {
        for recipe in recipes(3, .best) {
            #expect(recipe.verdict(on: history([3, 1])) == "Stopped early: the validation loss was lowest in epoch 2.")
            #expect(
                recipe.verdict(on: history([3, 2, 1]))
                    == "The validation loss was still falling in the last of `epochs`, 3; more may be better.")
            #expect(recipe.verdict(on: history([3, 1, 2])) == nil && recipe.keptEpoch(history([3, 1, 2])) == 1)
        }
    }

    @Test func orNotWhereTheyDoNotDecide() {
        for recipe in recipes(3, .last) {
            #expect(recipe.verdict(on: history([3, 2, 1])) == nil && !recipe.choosesByValidation)
            #expect(recipe.keptEpoch(history([3, 1, 2])) == 2)
        }
    }

    @Test func momentsWithoutRatingsAreNotScored() throws {
        let truth = [1, 2, .nan, 3, 5, 4], predicted = [1, 2, 9, 9, 5, 4.0]
        let scores = try TrainingHistory.scores("train", predicted, truth, dimensions: ["valence", "arousal"])
        #expect(scores["train.valence.r2"] == 1 && scores["train.arousal.r2"] == 1)
        #expect(try TrainingHistory.scores("train", [1, 2], [1, .nan], dimensions: ["valence"]) == [:])
    }
}
