import SentioBase
import SentioKit

/// What becomes of links in an output folder: one that points to something inside stays a link, a file outside is
/// copied.
struct OutputLinks {
    private let root: String
    /// Without any link in its path.
    private let realRoot: String

    init(root: String) {
        self.root = root
        realRoot = Paths.resolved(root) ?? root
    }

    enum Fate {
        /// As a link to this.
        case stays(String)
        case becomesFile
        /// The end of a sentence about it.
        case isLost(String)
    }

    /// - parameter path: of the link, relative to the root.
    func fate(of path: String, target: String) -> Fate {
        let kind = FileKind.at(root + "/" + path)
        guard kind == .regular || kind == .folder else { return .isLost(kind.predicate) }
        guard let real = Paths.resolved(root + "/" + path) else { return .isLost("is a link that cannot be followed") }
        if real == realRoot || real.hasPrefix(realRoot + "/") {
            if FolderShape.staysInside(link: path, to: target) { return .stays(target) }
            // It leaves and comes back, or is absolute: the same place from here, wherever the folder lies later.
            return .stays(shortest(path, real))
        }
        return kind == .regular ? .becomesFile : .isLost("is a link to a folder outside (\(FileName.escaped(target)))")
    }

    /// The way from a link to the place inside that it leads to, which climbs only at its beginning and so through no
    /// other link.
    /// - returns: nil where it leads to nothing, or out.
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
