import SentioNumerics

/// The distance of spectrograms from the training songs: the root mean square distance to the nearest crop in the space
/// of `SpectrogramStatistics`, each divided by its deviation over the training crops. Unlike a distance between values,
/// it hardly depends on where in a song a crop starts.
struct NearestSongs: Sendable {
    private let means: [Double]
    private let deviations: [Double]
    private let crops: [[Double]]
    /// The mean distance from a song to the nearest of the other songs; 0 for a single song.
    let ofSongs: Double

    /// - parameter songs: the song of each crop; the crops of a song are adjacent.
    /// - precondition: there is a crop, and each has a song.
    init(_ statistics: [[Double]], songs: [Int]) {
        precondition(!statistics.isEmpty && statistics.count == songs.count)
        let count = Double(statistics.count), columns = statistics[0].indices
        let means = columns.map { column in statistics.reduce(0) { $0 + $1[column] } / count }
        let deviations = columns.map { column -> Double in
            let variance = statistics.reduce(0) { sum, row in
                sum + (row[column] - means[column]) * (row[column] - means[column])
            }
            // A statistic that does not vary is ignored, and its deviation must not be a divisor.
            return variance > 1e-20 * count ? (variance / count).squareRoot() : .infinity
        }
        let crops = statistics.map { Self.standardized($0, means, deviations) }
        var sum = 0.0, queries = 0
        for (place, song) in songs.enumerated() where place == 0 || songs[place - 1] != song {
            let others = crops.indices.lazy.filter { songs[$0] != song }
            guard let nearest = others.map({ Self.distance(crops[place], crops[$0]) }).min() else { continue }
            (sum, queries) = (sum + nearest, queries + 1)
        }
        (self.means, self.deviations, self.crops) = (means, deviations, crops)
        ofSongs = sum / Double(max(1, queries))
    }

    /// The mean distance of spectrograms, by their statistics, to the nearest training crop.
    func distance(_ statistics: [[Double]]) -> Double {
        let sum = statistics.reduce(0.0) { sum, row in
            let point = Self.standardized(row, means, deviations)
            return sum + (crops.lazy.map { Self.distance(point, $0) }.min() ?? 0)
        }
        return sum / Double(max(1, statistics.count))
    }

    private static func standardized(_ row: [Double], _ means: [Double], _ deviations: [Double]) -> [Double] {
        row.indices.map { (row[$0] - means[$0]) / deviations[$0] }
    }

    private static func distance(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += (a[index] - b[index]) * (a[index] - b[index]) }
        return (sum / Double(max(1, a.count))).squareRoot()
    }
}
