/// The study's published claims, each beside what is known of it.
enum ClaimsSection {
    static let section: ReportSection = {
        var table = HTMLTable(["model", "claim (valence / arousal)", "status", "what is known"])
        for claim in StudyClaims.all { table.rows.append([claim.model, claim.claim, claim.status.rawValue, claim.note]) }
        let open = "<p>What the Sentio study says of these models on DEAM, and whether it was ever measured.</p>"
        return ReportSection(
            name: "claims", title: "The study’s claims",
            content:
                "<details><summary>\(StudyClaims.all.count) claims, \(StudyClaims.all.count { $0.status == .never }) of them never measured</summary>\(open)\(table.html)</details>"
        )
    }()
}
