import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Statistics of crops with the ratings of their songs.
struct RatedStatistics {
    private(set) var bands: BandMoments
    /// How many songs.
    private(set) var songs = 0
    private let mels: Int
    private let frames: Int
    private var rows: [[Double]] = []
    private var targets: [[Double]] = []
    private var owners: [Int] = []

    private static let cropsPerSong = 3

    init(mels: Int, frames: Int) {
        (self.mels, self.frames) = (mels, frames)
        bands = BandMoments(mels: mels)
    }

    /// Real songs in crops as long as synthetic items; songs without spectrogram or labels are left out.
    /// - throws: `StageFailure`, `BlobStoreError`.
    init(
        _ context: StageContext, songs ids: [String], labels: InputTable, dimensions: [String],
        like synthetic: SyntheticSongs
    ) throws {
        let reader = SpectrogramReader(context, SyntheticQualityStage.spectrograms), shape = try synthetic.shape()
        self.init(mels: shape.mels, frames: shape.frames)
        let known = ids.filter { reader.collection.contains($0) && labels.contains($0) }
        let ratings = try labels.matrix(for: known, columns: dimensions)
        for (index, id) in known.enumerated() {
            try context.checkCancelled()
            let song = try reader.open([id], mels: mels)[0], number = songs
            guard song.frames >= frames else {
                throw StageFailure(
                    "Song \(id) has \(song.frames) frames, fewer than the \(frames) of the synthetic items. Leave it "
                        + "out of the split."
                )
            }
            for start in CropSource.starts(length: song.frames, frames: frames, count: Self.cropsPerSong) {
                add(song, start: start, ratings: Array(ratings.row(index)), song: number)
            }
        }
    }

    mutating func add(_ spectrogram: SongSpectrogram, start: Int, ratings: [Double], song: Int) {
        var values = [Float](repeating: 0, count: mels * frames)
        values.withUnsafeMutableBufferPointer {
            spectrogram.put(
                start..<start + frames, into: $0, width: frames, column: 0, scale: 1, shift: 0, adding: false)
        }
        rows.append(SpectrogramStatistics.compute(values, mels: mels, frames: frames))
        targets.append(ratings)
        owners.append(song)
        songs = song + 1
        bands.add(values)
    }

    var features: Matrix { Matrix(rows) }
    var ratings: Matrix { Matrix(targets) }

    /// Averages rows of crops over each song.
    func averaged(_ values: Matrix) -> Matrix {
        var sums = Matrix(rows: songs, columns: values.columns), counts = [Double](repeating: 0, count: songs)
        for (row, owner) in owners.enumerated() {
            counts[owner] += 1
            for column in 0..<values.columns { sums[owner, column] += values[row, column] }
        }
        for owner in 0..<songs { for column in 0..<values.columns { sums[owner, column] /= counts[owner] } }
        return sums
    }

    /// Out-of-fold predictions of crops, by 5-fold cross-validation over songs.
    func outOfFold(_ ridge: Ridge) throws -> Matrix {
        var found = Matrix(rows: rows.count, columns: targets.first?.count ?? 0)
        for fold in 0..<5 {
            let (inside, outside) = (
                owners.indices.filter { owners[$0] % 5 != fold }, owners.indices.filter { owners[$0] % 5 == fold }
            )
            guard !outside.isEmpty else { continue }
            let model = try ridge.fit(
                features: features.selecting(rows: inside), targets: ratings.selecting(rows: inside)
            ).model
            let predicted = try model.predict(features.selecting(rows: outside))
            for (row, place) in outside.enumerated() {
                for column in 0..<found.columns { found[place, column] = predicted[row, column] }
            }
        }
        return found
    }

    /// The gaps between these and others: bands and loudness in the spectrograms' units, ratings in rating units.
    func gaps(_ other: RatedStatistics, dimensions: [String]) -> [(String, Double)] {
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        func deviation(_ values: [Double]) -> Double {
            let center = mean(values)
            return mean(values.map { ($0 - center) * ($0 - center) }).squareRoot()
        }
        let place = SpectrogramStatistics.names.firstIndex(of: "loudness") ?? 0
        let (own, others) = (rows.map { $0[place] }, other.rows.map { $0[place] })
        var found = [
            ("gap.band_mean", bands.meanGap(other.bands)), ("gap.band_deviation", bands.deviationGap(other.bands)),
            ("gap.loudness", mean(own) - mean(others)), ("gap.loudness_deviation", deviation(own) - deviation(others)),
        ]
        for (column, dimension) in dimensions.enumerated() {
            let (asked, rated) = (targets.map { $0[column] }, other.targets.map { $0[column] })
            found.append(("gap.\(dimension)", mean(asked) - mean(rated)))
            found.append(("gap.\(dimension)_deviation", deviation(asked) - deviation(rated)))
            found.append(("gap.\(dimension)_distribution", Self.largestGap(asked, rated)))
        }
        return found
    }

    /// The Kolmogorov-Smirnov distance of two samples: the largest difference of their distribution functions.
    private static func largestGap(_ a: [Double], _ b: [Double]) -> Double {
        let (a, b) = (a.sorted(), b.sorted())
        var (i, j, largest) = (0, 0, 0.0)
        while i < a.count, j < b.count {
            let value = min(a[i], b[j])
            while i < a.count, a[i] <= value { i += 1 }
            while j < b.count, b[j] <= value { j += 1 }
            largest = max(largest, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
        }
        return largest
    }
}
