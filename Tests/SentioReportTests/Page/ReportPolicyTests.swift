import Foundation
import SentioBase
import SentioKit
import SentioLearn
import Testing

@testable import SentioReport

/// The page runs its own script and style, told by their hashes, and nothing that somebody wrote into a name.
@Suite struct ReportPolicyTests {
    @Test func thePolicyNamesTheHashesOfWhatThePageHolds() throws {
        let statistics = try PairedComparison(resamples: 10, permutations: 10, seed: 0)
        let html = try ReportPage(title: "t", runs: [], statistics: statistics).html()
        #expect(!html.contains("unsafe-"))
        #expect(html.components(separatedBy: "<style").count == 2 && html.components(separatedBy: "<script").count == 2)
        for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
            let text = try #require(
                html.components(separatedBy: "<\(element)>").last?.components(separatedBy: "</\(element)>").first)
            let digest = Base64.text(Hashing.content(text).bytes)
            #expect(html.contains("\(directive) 'sha256-\(digest)'"), "\(element)")
        }
    }

    /// As an independent program has it: `printf abc | openssl dgst -sha256 -binary | base64`.
    @Test func hashesAreThoseOfBrowsers() {
        #expect(Base64.text(Hashing.content("abc").bytes) == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
    }

    /// An attribute would need a hash of its own, and a browser would not heed it.
    @Test func noDrawingBringsAStyleAttribute() throws {
        let drawing = Drawing(width: 820, height: 100).svg(title: "t", description: "d", name: "n", keepsSize: true)
        #expect(drawing.contains("class=\"kept\" width=\"820\"") && !drawing.contains("style="))
    }

    @Test func numbersFromAnywhereAreDrawn() {
        let numbers = [1e300, -1e300, 1e308, -1e308, .infinity, -.infinity, .nan, 0, .leastNonzeroMagnitude]
        for low in numbers {
            for high in numbers {
                let axis = Axis("x", covering: low, high)
                #expect(axis.ticks.count < 100 && axis.low.isFinite && axis.high.isFinite, "\(low) \(high)")
            }
            _ = ResidualChart.chart(dimension: "valence", residuals: [low, 1, -1], name: "n")
            _ = DurationText.measured(low)
        }
    }
}
