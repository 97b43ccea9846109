import SentioLearn
import Testing

@testable import SentioReport

@Suite struct DoseSentenceTests {
    private func sentence(_ gains: [Double], replicates: Int = 3) throws -> String {
        let doses = [0, 0.5, 1, 2], arms = SyntheticArms.arms(gains, replicates: replicates, doses: doses)
        let aligned = try AlignedArms(arms)
        let response = try DoseResponse(
            metric: .ccc, doses: doses, truth: aligned.dimensions[0].truth, arms: aligned.dimensions[0].predicted,
            comparison: PairedComparison(resamples: 200, permutations: 100, seed: 1))
        return DoseSentence.text(response, dimension: "valence", parameter: "ratio")
    }

    @Test func aWinnerWithItsPlateau() throws {
        let text = try sentence([0.1, 0.7, 0.72, 0.2])
        #expect(text.hasPrefix("valence CCC is best at ratio "), "\(text)")
        #expect(text.contains("; the gain over 0 is 0."), "\(text)")
        #expect(!text.contains("one seed each"))
    }

    @Test func nothingToTellApart() throws {
        let text = try sentence([0.5, 0.5, 0.5, 0.5])
        #expect(
            text.hasPrefix("valence CCC: no ratio is better than another beyond noise (highest at "), "\(text)"
        )
    }

    @Test func oneSeedIsSaid() throws {
        #expect(
            try sentence([0.1, 0.7, 0.72, 0.2], replicates: 1).hasSuffix("one seed each, so seed noise is unknown."))
    }
}
