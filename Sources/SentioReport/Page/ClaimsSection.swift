import SentioKit

/// The claims of a publication about the models, each with its status.
enum ClaimsSection {
    /// - Parameter runs: the `claims:` of each run's pipeline; the first that has any is used.
    /// - Returns: nil if none has.
    static func section(_ runs: [PublishedClaims?]) -> ReportSection? {
        guard let publication = runs.compactMap({ $0 }).first else { return nil }
        var table = HTMLTable(["model", "claim", "status", "note"])
        for claim in publication.claims {
            table.rows.append([claim.model, claim.claim, words(claim.status), claim.note])
        }
        let opening = Markup.element("p", text: publication.opening)
        return ReportSection(
            name: "claims", title: publication.title,
            content: "<details><summary>\(summary(publication.claims))</summary>\(opening)\(table.html)</details>")
    }

    /// `11 claims, 5 of them never measured`.
    private static func summary(_ claims: [PublishedClaims.Claim]) -> String {
        let never = claims.count { $0.status == .never }
        return Numerals.count(claims.count, "claim") + (never == 0 ? "" : ", \(never) of them never measured")
    }

    private static func words(_ status: PublishedClaims.Status) -> String {
        switch status {
        case .measured: "measured"
        case .flawed: "measured, flawed protocol"
        case .never: "never measured"
        }
    }
}
