/// A stage's name in its parts: `cv.ridge@fold=3,inner=2` is the path `cv.ridge` with two cells.
struct StageName: Sendable, Hashable {
    private(set) var path: String
    private(set) var cells: [String]

    /// A name with its cells after `@`.
    init(_ name: String) {
        let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        cells = parts.count > 1 ? [String(parts[1])] : []
    }

    var text: String { cells.isEmpty ? path : path + "@" + cells.joined(separator: ",") }

    /// With a name below it; an empty one adds nothing to the path.
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
