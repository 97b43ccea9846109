import SentioKit

/// Where paths lead: absolute, with the links on the way resolved, so that two spellings of one place are equal.
///
/// The last component is not resolved: an output may be a link to the file it was made from. Components that do not
/// exist yet are kept as they are.
struct Places {
    private let directory: String
    private var folders: [String: String] = [:]

    /// - Parameter directory: the folder that relative paths start from.
    init(below directory: String) { self.directory = Paths.absolute(directory) }

    mutating func place(of path: String) -> String {
        let path = Paths.normalized(path.hasPrefix("/") ? path : directory + "/" + path)
        return path == "/" ? path : Self.joined(real(Paths.directory(of: path)), Paths.name(of: path))
    }

    private mutating func real(_ folder: String) -> String {
        if let known = folders[folder] { return known }
        var place = folder
        if let resolved = Paths.resolved(folder) {
            place = resolved
        } else if folder != "/" {
            place = Self.joined(real(Paths.directory(of: folder)), Paths.name(of: folder))
        }
        folders[folder] = place
        return place
    }

    private static func joined(_ folder: String, _ name: String) -> String {
        folder == "/" ? "/" + name : folder + "/" + name
    }
}
