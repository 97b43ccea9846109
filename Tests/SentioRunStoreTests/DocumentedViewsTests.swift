import Foundation
import SentioKit
import Testing

@testable import SentioRunStore

/// The views are a promise to users' SQL: `docs/run-store.md` and the schema say the same.
@Suite struct DocumentedViewsTests {
    @Test func documentedColumnsAreTheColumns() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let document = try String(contentsOf: root.appendingPathComponent("docs/run-store.md"), encoding: .utf8)
        var documented: [String: [String]] = [:]
        for line in document.split(separator: "\n") where line.hasPrefix("| `v_") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            documented[cells[0]] = cells[2].components(separatedBy: ", ")
        }
        var stored: [String: [String]] = [:]
        for view in try store.query("SELECT name FROM sqlite_schema WHERE type = 'view'").rows.compactMap({
            $0[0].string
        }) {
            stored[view] = try store.query("SELECT name FROM pragma_table_info('\(view)')").rows.compactMap {
                $0[0].string
            }
        }
        #expect(documented == stored)
    }
}
