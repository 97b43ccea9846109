import Testing

@testable import SentioReport

@Suite struct HTMLTableTests {
    @Test func groupsStandAboveTheirColumns() {
        var table = HTMLTable(["song", "true", "pred."], numbers: [1, 2], caption: "a & b")
        table.groups = [("", 1), ("valence", 2)]
        table.namesRows = true
        table.rows = [["<x>", "1", "2"]]
        #expect(WellFormed.fault(in: table.html) == nil)
        #expect(
            table.html.contains(
                "<tr><td colspan=\"1\"></td><th scope=\"colgroup\" class=\"over\" colspan=\"2\">valence</th></tr><tr><th scope=\"col\">song</th>"
            ))
        #expect(table.html.contains("<th scope=\"col\" class=\"n\" aria-label=\"valence pred.\">pred.</th>"))
        #expect(table.html.contains("<th scope=\"row\">&lt;x&gt;</th>") && table.html.contains("a &amp; b"))
    }

    @Test func namesAndValuesNeedNoHeading() {
        var table = HTMLTable(["", ""])
        table.rows = [["seed", "42"]]
        #expect(!table.html.contains("<thead>"))
        #expect(HTMLTable(["a"]).html.isEmpty)
    }

    @Test func intervalsStayWhole() {
        var table = HTMLTable(["a", "b"], numbers: [1])
        table.rows = [["x, y", "0.1 [0.0, 0.2]"]]
        #expect(table.html.contains("<td>x, y</td>") && table.html.contains("0.1 [0.0,\u{A0}0.2]"))
    }

    @Test func pathsOfAMachineAreShortened() {
        #expect(PathText.shortened("[/srv/me/data/deam, songs]") == "[…/data/deam, songs]")
        #expect(PathText.shortened("/srv/me/p.yaml:12, sweep") == "…/me/p.yaml:12, sweep")
        #expect(PathText.shortened("a/b/c/d and 1/2, /x") == "a/b/c/d and 1/2, /x")
        #expect(
            PathText.shortened("dataset=/srv/me/data", typed: ["--set", "dataset=/srv/me/data"])
                == "dataset=/srv/me/data")
    }
}
