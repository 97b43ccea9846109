import SentioKit

/// Where paths lead: absolute, and with the links on the way followed, so that two spellings of one place are equal.
///
/// The last part of a path is not followed: an output may be a link to what it was made from. What does not exist yet
/// is text.
struct Places {
    private let directory: String
    private var folders: [String: String] = [:]

    /// - parameter directory: the folder that relative paths mean.
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
