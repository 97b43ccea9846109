/// The parts of a stage's name: `cv.ridge@fold=3,inner=2` is the path `cv.ridge` with two cells.
struct StageName: Sendable, Hashable {
    private(set) var path: String
    private(set) var cells: [String]

    /// A name with its cells after `@`.
    init(_ name: String) {
        let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        cells = parts.count > 1 ? [String(parts[1])] : []
    }

    /// Whether a name has only ASCII letters, digits, `_` and `-`.
    static func isPlain(_ name: some StringProtocol) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x5F || byte == 0x2D
            }
    }

    /// The message for a name that is not plain or is too long.
    static func refusal(of name: String) -> String {
        "`\(name.prefix(60))` is not a valid stage name: use only ASCII letters, digits, `_` and `-`, at most 200 in "
            + "all."
    }

    var text: String { cells.isEmpty ? path : path + "@" + cells.joined(separator: ",") }

    /// The name of a member; an empty name adds nothing to the path.
    func appending(_ name: String) -> StageName {
        let other = StageName(name)
        var longer = self
        if !other.path.isEmpty { longer.path += longer.path.isEmpty ? other.path : "." + other.path }
        longer.cells += other.cells
        return longer
    }

    func with(cell: String) -> StageName {
        var longer = self
        longer.cells.append(cell)
        return longer
    }
}
