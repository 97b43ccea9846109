import SentioKit

/// The checked-out commit, read from `.git` directly: starting git would take longer than a run with nothing to do.
struct GitInfo: Equatable {
    let commit: String
    let branch: String?

    /// The commit of the repository that contains a folder; nil if there is none.
    static func read(from directory: String) -> GitInfo? {
        var folder = directory
        for _ in 0..<32 {
            if let git = gitDirectory(folder + "/.git") { return head(git) }
            folder += "/.."
        }
        return nil
    }

    private static func gitDirectory(_ path: String) -> String? {
        if (try? FileBytes.readStream(path + "/HEAD")) != nil { return path }
        // In a linked work tree, `.git` is a file that names the folder.
        guard let line = firstLine(path), line.hasPrefix("gitdir: ") else { return nil }
        let target = String(line.dropFirst(8))
        return target.hasPrefix("/") ? target : path + "/../" + target
    }

    private static func head(_ git: String) -> GitInfo? {
        guard let head = firstLine(git + "/HEAD") else { return nil }
        guard head.hasPrefix("ref: ") else { return GitInfo(commit: head, branch: nil) }
        let reference = String(head.dropFirst(5)),
            branch = reference.split(separator: "/").dropFirst(2).joined(separator: "/")
        var common = git
        if let line = firstLine(git + "/commondir") { common = line.hasPrefix("/") ? line : git + "/" + line }
        for folder in [git, common] {
            if let commit = firstLine(folder + "/" + reference) { return GitInfo(commit: commit, branch: branch) }
        }
        guard let packed = try? FileBytes.readStream(common + "/packed-refs") else { return nil }
        for line in String(decoding: packed, as: UTF8.self).split(separator: "\n") where line.hasSuffix(" " + reference)
        {
            return GitInfo(commit: String(line.prefix { $0 != " " }), branch: branch)
        }
        return nil
    }

    private static func firstLine(_ path: String) -> String? {
        guard let bytes = try? FileBytes.readStream(path) else { return nil }
        let line = String(decoding: bytes.prefix { $0 != 0x0A }.prefix(4096), as: UTF8.self)
        return line.isEmpty ? nil : line
    }
}
