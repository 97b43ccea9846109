import SentioNumerics

/// Sums up probabilities of songs over the repeats of a cross-validation.
struct ClassSums {
    private let classes: Int
    private var sums: [String: (values: [Double], count: Int)] = [:]

    init(classes: Int) { self.classes = classes }

    /// - parameter probabilities: songs × classes.
    mutating func add(_ songs: [String], _ probabilities: Matrix) {
        for (row, song) in songs.enumerated() {
            let (before, count) = sums[song] ?? ([Double](repeating: 0, count: classes), 0)
            sums[song] = (zip(before, probabilities.row(row)).map(+), count + 1)
        }
    }

    /// Songs in byte order, and their mean probabilities.
    var means: (songs: [String], probabilities: Matrix) {
        let songs = sums.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let values = songs.flatMap { song in
            sums[song].map { sum in sum.values.map { $0 / Double(sum.count) } } ?? []
        }
        return (songs, Matrix(rows: songs.count, columns: classes, values: values))
    }
}
