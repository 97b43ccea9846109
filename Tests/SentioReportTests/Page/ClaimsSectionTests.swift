import SentioKit
import Testing

@testable import SentioReport

@Suite struct ClaimsSectionTests {
    private func claims(_ title: String, _ statuses: [PublishedClaims.Status]) -> PublishedClaims {
        PublishedClaims(
            title: title, opening: "Two <numbers>.",
            claims: statuses.enumerated().map {
                .init(model: "model \($0)", claim: "R² .5 & .6", status: $1, note: "note \($0)")
            })
    }

    @Test func eachClaimStandsBesideItsStatus() throws {
        let section = try #require(ClaimsSection.section([claims("A & B", [.measured, .flawed, .never, .never])]))
        #expect(section.name == "claims" && section.html.hasPrefix("<section id=\"claims\"><h2>A &amp; B</h2>"))
        #expect(
            section.content.contains("<summary>4 claims, 2 of them never measured</summary><p>Two &lt;numbers&gt;.</p>")
        )
        for status in ["measured", "measured, flawed protocol", "never measured"] {
            #expect(section.content.contains("<td>R² .5 &amp; .6</td><td>\(status)</td><td>note "), "\(status)")
        }
        #expect(WellFormed.fault(in: section.html) == nil)
    }

    @Test func noneWithoutClaims() {
        #expect(ClaimsSection.section([]) == nil && ClaimsSection.section([nil, nil]) == nil)
    }

    @Test func theFirstRunThatHasClaimsCounts() {
        let runs = [nil, claims("second", [.measured]), claims("third", [.never])]
        #expect(ClaimsSection.section(runs)?.title == "second")
        #expect(ClaimsSection.section(runs)?.content.contains("<summary>1 claim</summary>") == true)
    }
}
