import SentioBase
import SentioKit

/// How links in an output folder are stored: one that points inside the folder stays a link, a file outside is copied.
struct OutputLinks {
    private let root: String
    /// The root without symbolic links in its path.
    private let realRoot: String

    init(root: String) {
        self.root = root
        realRoot = Paths.resolved(root) ?? root
    }

    enum Fate {
        /// Stored as a link to this target.
        case stays(String)
        case becomesFile
        /// Not stored, with the end of a sentence that says why.
        case isLost(String)
    }

    /// - parameter path: of the link, relative to the root.
    func fate(of path: String, target: String) -> Fate {
        let kind = FileKind.at(root + "/" + path)
        guard kind == .regular || kind == .folder else { return .isLost(kind.predicate) }
        guard let real = Paths.resolved(root + "/" + path) else { return .isLost("is a link that cannot be followed") }
        if real == realRoot || real.hasPrefix(realRoot + "/") {
            if FolderShape.staysInside(link: path, to: target) { return .stays(target) }
            // It leaves and returns, or is absolute: a direct relative link stays valid wherever the folder is placed
            // later.
            return .stays(shortest(path, real))
        }
        return kind == .regular ? .becomesFile : .isLost("is a link to a folder outside (\(FileName.escaped(target)))")
    }

    /// The relative path from a link to its target inside the root, with `..` only at its beginning, so that it passes
    /// through no other link.
    /// - returns: nil if the target is missing or outside the root.
    func shortest(_ path: String) -> String? {
        guard let real = Paths.resolved(root + "/" + path), real == realRoot || real.hasPrefix(realRoot + "/") else {
            return nil
        }
        return shortest(path, real)
    }

    private func shortest(_ path: String, _ real: String) -> String {
        FolderShape.relative(String(real.dropFirst(realRoot.count)), from: path)
    }

    static func mode(_ path: String) throws -> UInt32 {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw BlobStoreError.cannotRead(path: path, reason: FileBytes.systemReason())
        }
        return UInt32(status.st_mode)
    }
}
