import SentioKit

/// The folders of a dataset's songs: one, or several, each with a name that distinguishes its songs from the others'.
///
///     source: ../songs
///     source: [../emotify, ../deam-mini]             # names: emotify, deam-mini
///     source: { pop: ../a/songs, folk: ../b/songs }   # explicit names
struct DatasetFolders: ParameterValue {
    /// A folder and the name that its songs are prefixed with.
    struct Folder: Equatable, Sendable {
        let name: String
        let path: String
    }

    /// In the order they were given; those of a map in byte order of names.
    let folders: [Folder]
    let parameterValue: Value

    init?(parameter value: Value) {
        if let map = value.map {
            let names = map.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let paths = names.compactMap { String(parameter: map[$0] ?? .null) }
            guard paths.count == names.count else { return nil }
            folders = zip(names, paths).map { Folder(name: $0, path: $1) }
            parameterValue = value
        } else {
            guard let paths = [String](parameter: value) else { return nil }
            folders = paths.map { Folder(name: Self.name(of: $0), path: $0) }
            // A list of one folder is that folder.
            parameterValue = paths.count == 1 ? .string(paths[0]) : .list(paths.map { .string($0) })
        }
    }

    /// The last part of a path: `../data/emotify/` is emotify.
    static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    static var accepted: String { "a folder, a list of folders, or a map of names to folders" }
    static var schema: Value {
        [
            "anyOf": [
                String.schema, ["type": "array", "items": String.schema],
                ["type": "object", "additionalProperties": String.schema],
            ]
        ]
    }

    /// What is wrong with the names, as a sentence; nil if nothing is.
    var problem: String? {
        if folders.isEmpty || folders.contains(where: { $0.path.isEmpty }) {
            return "the folder of the dataset is missing."
        }
        guard folders.count > 1 else { return nil }
        if let unnamed = folders.first(where: { SongID.problem($0.name) != nil }) {
            return
                "songs of several folders are distinguished by the folders' names, but "
                + "`\(Excerpt.text(unnamed.path))` gives no name. \(Self.cure)"
        }
        let byName = Dictionary(grouping: folders, by: \.name)
        if let twins = byName.values.filter({ $0.count > 1 }).min(by: { $0[0].name < $1[0].name }) {
            let paths = twins.map { "`\($0.path)`" }.joined(separator: " and ")
            return
                "\(paths) would both be called \(twins[0].name), but songs are distinguished by that name. "
                + "\(Self.cure)"
        }
        return nil
    }

    private static let cure = "Give names: `source: {one: FOLDER, other: FOLDER}`."
}
