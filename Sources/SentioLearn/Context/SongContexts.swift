/// The context of each song of a table: which dataset it is from, say. Ratings of different contexts may mean different
/// things, so that models which know the context share what the contexts have in common and learn how each differs.
public struct SongContexts: Sendable, Equatable {
    /// The contexts that a model distinguishes.
    public let levels: [String]
    /// For each row, an index of `levels`; nil for a song of no or of another context, which counts for, and is
    /// predicted by, what the contexts have in common.
    public let codes: [Int?]

    /// The contexts of training songs, whose distinct names in byte order become the levels.
    ///
    /// - Parameter names: one per row; nil for none.
    public init(_ names: [String?]) {
        let distinct = Set(names.compactMap { $0 })
        self.init(names, levels: distinct.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    /// The contexts of songs to predict, as a model with these levels knows them.
    ///
    /// - Parameters:
    ///   - names: one per row; nil for none.
    ///   - levels: distinct names.
    public init(_ names: [String?], levels: [String]) {
        let places = Dictionary(
            levels.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        self.levels = levels
        codes = names.map { name -> Int? in name.flatMap { places[$0] } }
    }

    /// The contexts of some rows; those that remain become the levels.
    public func selecting(rows: [Int]) -> SongContexts {
        SongContexts(rows.map { row -> String? in codes[row].map { levels[$0] } })
    }

    /// The same songs as a model with other levels knows them.
    public func codes(of levels: [String]) -> [Int?] {
        if levels == self.levels { return codes }
        return SongContexts(codes.map { code -> String? in code.map { self.levels[$0] } }, levels: levels).codes
    }

    /// - Throws: `LearnError.rowMismatch` unless there is one context per row.
    func require(rows: Int) throws(LearnError) {
        if codes.count != rows {
            throw .rowMismatch(first: "features", firstRows: rows, second: "contexts", secondRows: codes.count)
        }
    }
}
