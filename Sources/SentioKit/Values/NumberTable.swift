/// A table of numbers with named columns, one row a song: what a CSV of features holds.
public struct NumberTable: Sendable, Equatable {
    /// Names of the numbers, without `song_id`.
    public let columns: [String]
    /// The song of each row.
    public let ids: [String]
    /// Row after row; NaN where a value is missing.
    public let values: [Double]
    /// The line of the file each row came from, 1-based; empty for tables that were not read.
    public let lines: [Int]

    /// - precondition: there are as many values as rows × columns.
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
