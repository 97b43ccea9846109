import SentioKit
import SentioLearn
import SentioNN
import SentioNumerics
import Synchronization

/// Compares a generator's samples with real crops, using the same noise, ratings and crops after every epoch, so that
/// epochs are comparable. Uses only training songs.
struct SampleWatch {
    let source: GANSource
    let recovery: EmotionRecovery
    let dimensions: [String]
    /// Noise and ratings of each sample; the two samples of a pair have the ratings of one song.
    let latent: [Float]
    let count: Int
    private let asked: Matrix
    private let realDistance: Double
    private let realMoments: BandMoments
    private let realChange: Double
    private let nearest: NearestSongs
    /// The size of 1 on the generator's scale in each band, in the units of the spectrograms.
    private let units: [Double]

    /// Samples nearer to training songs than this fraction of the distance between songs are copies.
    static let copyDistance = 0.5
    /// If ratings are recovered from real songs less well than this, a ratio to that is meaningless.
    private static let leastRecovery = 0.1
    private static let cropsPerSong = 3
    /// Crops of a song searched for the nearest one: enough that a copy is near one of them wherever it starts.
    private static let nearestCrops = 16

    /// - throws: `LearnError` if no ridge can be fitted.
    init(_ source: GANSource, noise: Int, count: Int, dimensions: [String], seed: UInt64) throws {
        self.source = source
        self.dimensions = dimensions
        self.count = count
        let condition = source.dimensions
        var random = Philox(key: seed ^ 0x5A3F_1E00), latent: [Float] = [], asked: [Double] = []
        let order = random.permutation(source.songs.count)
        for sample in 0..<count {
            let song = order[sample / 2 % order.count],
                ratings = source.targets[song * condition..<(song + 1) * condition]
            latent += (0..<noise).map { _ in Float(random.nextNormal()) } + ratings
            asked += ratings.map { Double($0) }
        }
        self.latent = latent
        self.asked = Matrix(rows: count, columns: condition, values: asked)

        var rows: [[Double]] = [], ratings: [[Double]] = [], songs: [Int] = []
        var crop = [Float](repeating: 0, count: source.inputShape.count),
            moments = BandMoments(mels: source.inputShape[0])
        var shown: [[Float]] = [], change = 0.0
        let units = source.scaling.units(mels: source.inputShape[0])
        for (index, song) in source.songs.enumerated() {
            for start in CropSource.starts(length: song.frames, frames: source.frames, count: Self.cropsPerSong) {
                crop.withUnsafeMutableBufferPointer { source.put(song, start: start, into: $0) }
                rows.append(SpectrogramStatistics.compute(crop, mels: song.mels, frames: source.frames))
                ratings.append(source.targets[index * condition..<(index + 1) * condition].map { Double($0) })
                songs.append(index)
                moments.add(crop)
                change += Self.frameChange(crop, units: units)
                if songs.count == 1 || songs[songs.count - 2] != index, shown.count < count { shown.append(crop) }
            }
        }
        recovery = try EmotionRecovery(statistics: Matrix(rows), ratings: Matrix(ratings), songs: songs)
        realDistance = shown.count > 1 ? Self.distance(shown) : 0
        realMoments = moments
        realChange = change / Double(max(1, rows.count))
        nearest = Self.nearest(source)
        self.units = units
    }

    private static func nearest(_ source: GANSource) -> NearestSongs {
        var rows: [[Double]] = [], songs: [Int] = []
        var crop = [Float](repeating: 0, count: source.inputShape.count)
        for (index, song) in source.songs.enumerated() {
            for start in CropSource.starts(length: song.frames, frames: source.frames, count: nearestCrops) {
                crop.withUnsafeMutableBufferPointer { source.put(song, start: start, into: $0) }
                rows.append(SpectrogramStatistics.compute(crop, mels: song.mels, frames: source.frames))
                songs.append(index)
            }
        }
        return NearestSongs(rows, songs: songs)
    }

    /// Measures the samples of a generator, by series name. Bands are in the units of the spectrograms.
    func measure(_ sampler: GeneratorSampler) throws -> [String: Double] {
        let made = Mutex([[Float]](repeating: [], count: count))
        try sampler.make(count, latent: latent) { index, values in made.withLock { $0[index] = Array(values) } }
        return try measure(made.withLock { $0 })
    }

    /// The same for `count` existing samples [mels, frames], made for the ratings in `latent`.
    func measure(_ samples: [[Float]]) throws -> [String: Double] {
        let mels = source.inputShape[0]
        var moments = BandMoments(mels: mels)
        for sample in samples { moments.add(sample) }
        let rows = samples.map { SpectrogramStatistics.compute($0, mels: mels, frames: source.frames) }
        let change = samples.reduce(0) { $0 + Self.frameChange($1, units: units) } / Double(max(1, count))
        var found: [String: Double] = [
            "samples.band_mean_gap": moments.meanGap(realMoments, units: units),
            "samples.band_deviation_gap": moments.deviationGap(realMoments, units: units),
            "samples.frame_change": change, "real.frame_change": realChange,
            "real.band_deviation": zip(realMoments.deviations, units).reduce(0) { $0 + $1.0 * $1.1 } / Double(mels),
            "samples.nearest_song": nearest.distance(rows), "real.nearest_song": nearest.ofSongs,
        ]
        if realDistance > 0 {
            found["samples.diversity"] = Self.distance(samples) / realDistance
            found["samples.diversity_same_ratings"] = Self.distanceOfPairs(samples) / realDistance
        }
        let heard = try recovery.correlations(Matrix(rows), asked: asked)
        for (column, dimension) in dimensions.enumerated() {
            found["samples.\(dimension).recovery"] = heard[column]
            if let real = recovery.onReal?[column], real >= Self.leastRecovery {
                found["samples.\(dimension).recovery_ratio"] = heard[column] / real
            }
        }
        return found
    }

    /// The mean change of a spectrogram [mels, frames] from one frame to the next, in the units of the spectrograms:
    /// for noise it is far higher than for music, however much samples differ from each other.
    static func frameChange(_ values: [Float], units: [Double]) -> Double {
        let frames = values.count / max(1, units.count)
        guard frames > 1 else { return 0 }
        var sum = 0.0
        for (band, unit) in units.enumerated() {
            var change: Float = 0
            for index in band * frames + 1..<(band + 1) * frames { change += abs(values[index] - values[index - 1]) }
            sum += unit * Double(change)
        }
        return sum / Double(units.count * (frames - 1))
    }

    /// The mean distance (root of the mean square) over all pairs.
    static func distance(_ samples: [[Float]]) -> Double {
        var sum = 0.0, pairs = 0
        for first in samples.indices {
            for second in first + 1..<samples.count {
                sum += difference(samples[first], samples[second])
                pairs += 1
            }
        }
        return sum / Double(max(1, pairs))
    }

    /// The same over pairs with the same ratings.
    private static func distanceOfPairs(_ samples: [[Float]]) -> Double {
        let pairs = samples.count / 2
        return (0..<pairs).reduce(0) { $0 + difference(samples[2 * $1], samples[2 * $1 + 1]) } / Double(max(1, pairs))
    }

    private static func difference(_ a: [Float], _ b: [Float]) -> Double {
        var sum: Float = 0, total = 0.0
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                for index in a.indices {
                    sum += (a[index] - b[index]) * (a[index] - b[index])
                    // Sums in single precision are kept short.
                    if index & 1023 == 1023 { (total, sum) = (total + Double(sum), 0) }
                }
            }
        }
        return ((total + Double(sum)) / Double(max(1, a.count))).squareRoot()
    }
}

/// Means and deviations of bands over many spectrograms [mels, frames].
struct BandMoments {
    private var sums: [Double]
    private var squares: [Double]
    private var count = 0.0

    init(mels: Int) {
        sums = Array(repeating: 0, count: mels)
        squares = sums
    }

    mutating func add(_ values: [Float]) {
        let frames = values.count / sums.count
        for band in sums.indices {
            for value in values[band * frames..<(band + 1) * frames] {
                sums[band] += Double(value)
                squares[band] += Double(value) * Double(value)
            }
        }
        count += Double(frames)
    }

    var means: [Double] { sums.map { $0 / max(1, count) } }
    var deviations: [Double] { zip(squares, means).map { max(0, $0 / max(1, count) - $1 * $1).squareRoot() } }

    /// The mean absolute difference of the band means.
    /// - parameter units: factors for each band's difference; nil: none.
    func meanGap(_ other: BandMoments, units: [Double]? = nil) -> Double { Self.gap(means, other.means, units) }
    func deviationGap(_ other: BandMoments, units: [Double]? = nil) -> Double {
        Self.gap(deviations, other.deviations, units)
    }
    private static func gap(_ a: [Double], _ b: [Double], _ units: [Double]?) -> Double {
        a.indices.reduce(0) { $0 + abs(a[$1] - b[$1]) * (units?[$1] ?? 1) } / Double(a.count)
    }
}
