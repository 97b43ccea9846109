package import SentioKit
package import SentioNumerics

/// Features of songs as a matrix: from a collection, item by item, or from a table. NaN is a missing value.
package struct FeatureTable {
    /// Names of the features, in order.
    package let columns: [String]
    private let content: Content
    private let port: InputPort

    private enum Content {
        case collection(InputCollection)
        case table(InputNumbers)
    }

    /// - throws: `StageFailure` where the input does not name its columns; `BlobStoreError`.
    package init(_ context: StageContext, _ port: InputPort) throws {
        self.port = port
        let attributes = context.collection(port).attributes
        let named = attributes["columns"]?.list?.compactMap(\.string)
        if context.form(of: port) == .table {
            let table = try context.numbers(port)
            columns = table.columns
            content = .table(table)
            guard named == nil || named == columns else {
                throw StageFailure(
                    "The header of the table on `\(port)` of \(context.stage) does not agree with its attribute "
                        + "`columns`; create the table again."
                )
            }
        } else {
            columns = named ?? []
            content = .collection(context.collection(port))
            guard !columns.isEmpty, Set(columns).count == columns.count else {
                throw StageFailure(
                    "The features on `\(port)` of \(context.stage) do not name their columns: the attribute `columns` "
                        + "is missing or contains duplicates."
                )
            }
        }
    }

    /// Ids of all songs, in byte order.
    package var ids: [String] {
        switch content {
        case .collection(let collection): collection.ids
        case .table(let table): table.ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    package func contains(_ song: String) -> Bool {
        switch content {
        case .collection(let collection): collection.contains(song)
        case .table(let table): table.contains(song)
        }
    }

    /// Songs × features, in the order of `songs`; all of them are recorded in the stage's ledger.
    /// - throws: `BlobStoreError`, `NpyError`, `StageFailure` with song and column, also for an infinite value.
    package func read(_ songs: [String]) throws -> Matrix {
        switch content {
        case .table(let table):
            return Matrix(rows: songs.count, columns: columns.count, values: try table.values(for: songs))
        case .collection(let collection):
            var values: [Double] = []
            values.reserveCapacity(songs.count * columns.count)
            for song in songs {
                let array = try NpyFile.read(try collection.read(song))
                guard array.count == columns.count else {
                    throw StageFailure(
                        "Song \(song) on `\(port)` has \(array.count) features, but the collection names "
                            + "\(columns.count)."
                    )
                }
                let row = array.doubles
                if let infinite = row.firstIndex(where: \.isInfinite) {
                    throw StageFailure(
                        "Song \(song) on `\(port)` has the value \(row[infinite]) for \(columns[infinite]); features "
                            + "must be finite. Fix the stage that computed it, or leave out that song or column."
                    )
                }
                values += row
            }
            return Matrix(rows: songs.count, columns: columns.count, values: values)
        }
    }

    /// As `read`, for methods that cannot handle missing values.
    /// - throws: also `StageFailure` naming the first missing value and what to do.
    package func readComplete(_ songs: [String]) throws -> Matrix {
        let matrix = try read(songs)
        guard let first = matrix.values.firstIndex(where: \.isNaN) else { return matrix }
        let (row, column) = first.quotientAndRemainder(dividingBy: columns.count)
        let counts = columns.indices.map { column in songs.indices.count { matrix[$0, column].isNaN } }
        let missing = counts.reduce(0, +),
            empty = columns.indices.filter { counts[$0] == songs.count && songs.count > 1 }
        var text = "Song \(songs[row]) on `\(port)` has no value for \(columns[column])"
        text += missing > 1 ? ", the first of \(missing) missing values." : "."
        if !empty.isEmpty {
            let names = empty.map { columns[$0] },
                list = names.prefix(10).map(ColumnNames.scalar).joined(separator: ", ")
            text +=
                " \(IDList.text(names)) \(names.count == 1 ? "is" : "are") empty for all \(IDList.songs(songs.count)):"
            text +=
                " leave \(names.count == 1 ? "it" : "them") out with `exclude: "
                + "[\(list)\(names.count > 10 ? ", …" : "")]` where the table is read."
        }
        throw StageFailure(
            "\(text) A `feature-select` stage before this one (`impute: median`) fills missing values and drops "
                + "columns that are empty; or leave out such songs or columns."
        )
    }
}
