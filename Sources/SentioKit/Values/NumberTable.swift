/// A table of numbers with named columns and one row per song, such as a CSV file of features.
public struct NumberTable: Sendable, Equatable {
    /// Names of the columns, without `song_id`.
    public let columns: [String]
    /// The song id of each row.
    public let ids: [String]
    /// [rows, columns], row-major; NaN for a missing value.
    public let values: [Double]
    /// The line of each row in its file, counted from 1; empty for tables that were not read.
    public let lines: [Int]

    /// A table of `ids.count` rows.
    /// - Precondition: `values` has rows × columns numbers.
    public init(columns: [String], ids: [String], values: [Double], lines: [Int] = []) {
        precondition(values.count == ids.count * columns.count, "Every row needs \(columns.count) numbers.")
        self.columns = columns
        self.ids = ids
        self.values = values
        self.lines = lines
    }

    /// The numbers of one row.
    public func row(_ index: Int) -> ArraySlice<Double> { values[index * columns.count..<(index + 1) * columns.count] }

    /// CSV with `song_id` first; a missing value is an empty cell, and every other number reads back as the same
    /// double.
    public var csv: [UInt8] {
        var bytes = Array(Table(columns: ["song_id"] + columns, rows: []).csv.utf8)
        bytes.reserveCapacity(bytes.count + values.count * 19 + ids.count * 12)
        for (index, id) in ids.enumerated() {
            bytes += Table.quoted(id).utf8
            for value in row(index) {
                bytes.append(UInt8(ascii: ","))
                if !value.isNaN { bytes += value.description.utf8 }
            }
            bytes.append(0x0A)
        }
        return bytes
    }
}
