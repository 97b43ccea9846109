import SentioKit
import SentioLearn
import SentioNN
import SentioNumerics
import Synchronization

/// What a generator's samples are like beside real crops: the same noise, ratings and crops after every epoch, so that
/// numbers of epochs compare. Made of training songs alone.
struct SampleWatch {
    let source: GANSource
    let recovery: EmotionRecovery
    let dimensions: [String]
    /// Noise and ratings of each sample: pairs have the ratings of one song.
    let latent: [Float]
    let count: Int
    private let asked: Matrix
    private let realDistance: Double
    private let realMoments: BandMoments

    private static let cropsPerSong = 3

    /// - throws: `LearnError` where no ridge can be fitted.
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
        var shown: [[Float]] = []
        for (index, song) in source.songs.enumerated() {
            for start in CropSource.starts(length: song.frames, frames: source.frames, count: Self.cropsPerSong) {
                crop.withUnsafeMutableBufferPointer { source.put(song, start: start, into: $0) }
                rows.append(SpectrogramStatistics.compute(crop, mels: song.mels, frames: source.frames))
                ratings.append(source.targets[index * condition..<(index + 1) * condition].map { Double($0) })
                songs.append(index)
                moments.add(crop)
                if songs.count == 1 || songs[songs.count - 2] != index, shown.count < count { shown.append(crop) }
            }
        }
        recovery = try EmotionRecovery(statistics: Matrix(rows), ratings: Matrix(ratings), songs: songs)
        realDistance = shown.count > 1 ? Self.distance(shown) : 0
        realMoments = moments
    }

    /// Watches the samples of a generator, by the names of their series. Bands in the units of the spectrograms.
    func measure(_ sampler: GeneratorSampler) throws -> [String: Double] {
        let mels = source.inputShape[0], made = Mutex([[Float]](repeating: [], count: count))
        try sampler.make(count, latent: latent) { index, values in made.withLock { $0[index] = Array(values) } }
        let samples = made.withLock { $0 }
        var moments = BandMoments(mels: mels)
        for sample in samples { moments.add(sample) }
        let statistics = Matrix(samples.map { SpectrogramStatistics.compute($0, mels: mels, frames: source.frames) })
        let unit = 1 / source.range.scale
        var found: [String: Double] = [
            "samples.band_mean_gap": unit * moments.meanGap(realMoments),
            "samples.band_deviation_gap": unit * moments.deviationGap(realMoments),
        ]
        if realDistance > 0 {
            found["samples.diversity"] = Self.distance(samples) / realDistance
            found["samples.diversity_same_ratings"] = Self.distanceOfPairs(samples) / realDistance
        }
        for (dimension, r) in zip(dimensions, try recovery.correlations(statistics, asked: asked)) {
            found["samples.\(dimension).recovery"] = r
        }
        return found
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

    /// The same over neighbours with the same ratings.
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
                    // Single precision is not summed up over too much.
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

    /// The mean over bands of how far means lie apart.
    func meanGap(_ other: BandMoments) -> Double { Self.gap(means, other.means) }
    func deviationGap(_ other: BandMoments) -> Double { Self.gap(deviations, other.deviations) }
    private static func gap(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(a.count)
    }
}
