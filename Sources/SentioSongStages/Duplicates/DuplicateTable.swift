package import SentioKit

/// What `near-duplicates` found, on an optional port.
package struct DuplicateTable {
    /// The optional port of kinds that keep copies together or refuse to score them.
    package static let port = InputPort(
        "duplicates", .duplicates, isRequired: false, "Songs that are copies of one recording, from `near-duplicates`.")

    /// The group of each song that has copies; nil where the port is not connected.
    package let groups: [String: String]?
    /// The sources of the other songs of the same recording, by id.
    package let copies: [String: [ContentHash]]
    private let known: Set<String>

    /// - throws: `StageFailure` for a table without the columns of `near-duplicates`.
    package init(_ context: StageContext, _ port: InputPort = DuplicateTable.port) throws {
        guard context.isConnected(port) else {
            (groups, copies, known) = (nil, [:], [])
            return
        }
        let table = try context.table(port)
        let groups = try RecordingNames.read(table, column: "group")
        self.groups = groups
        copies = RecordingNames.copies(groups, in: table)
        known = Set(table.ids)
    }

    /// The name of each song's recording, empty for a song without copies; nil where the port is not connected. Warns
    /// about songs that were not compared.
    package func names(of ids: [String], warn: (String) -> Void) -> [String]? {
        guard let groups else { return nil }
        let unknown = ids.filter { !known.contains($0) }
        if !unknown.isEmpty {
            let (verb, pronoun) = unknown.count == 1 ? ("is", "it") : ("are", "them")
            warn(
                "\(IDList.songs(unknown.count)) \(verb) not in `\(Self.port)`, so copies of \(pronoun) go undetected: "
                    + "\(IDList.text(unknown))."
            )
        }
        return ids.map { groups[$0] ?? "" }
    }
}
