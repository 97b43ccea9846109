import SentioNN
import SentioNumerics

/// How embeddings are scaled before a model sees them: each value by its mean and deviation over the patches of the
/// training songs.
struct EmbeddingScaling: Sendable, Equatable {
    let means: [Float]
    let factors: [Float]

    /// - precondition: a factor for each mean.
    init(means: [Float], factors: [Float]) {
        precondition(means.count == factors.count)
        (self.means, self.factors) = (means, factors)
    }

    /// As they are.
    init(width: Int) {
        means = [Float](repeating: 0, count: width)
        factors = [Float](repeating: 1, count: width)
    }

    /// A value that never changes is left at its mean.
    /// - precondition: there is a song, and all have the same width.
    init(_ songs: [EmbeddingSequence]) {
        let width = songs[0].width, rows = Double(songs.reduce(0) { $0 + $1.centers.count })
        var sums = [Double](repeating: 0, count: width), squares = sums
        for song in songs {
            for (place, value) in song.values.enumerated() { sums[place % width] += Double(value) }
        }
        let means = sums.map { $0 / rows }
        for song in songs {
            for (place, value) in song.values.enumerated() {
                let difference = Double(value) - means[place % width]
                squares[place % width] += difference * difference
            }
        }
        self.means = means.map { Float($0) }
        factors = squares.map { $0 > 0 ? Float(1 / ($0 / rows).squareRoot()) : 1 }
    }

    // MARK: In a file of weights

    private static let names = (mean: "input.mean", factor: "input.factor")

    func put(into file: inout SafetensorsFile) {
        file.tensors[Self.names.mean] = .init(shape: [means.count], values: means)
        file.tensors[Self.names.factor] = .init(shape: [factors.count], values: factors)
    }

    /// The inverse of `put`.
    /// - throws: `TrainingError.foreignState` where the file has none for so many values.
    init(_ file: SafetensorsFile, width: Int) throws {
        func values(_ name: String) throws -> [Float] {
            guard let tensor = file.tensors[name], tensor.shape == [width] else {
                throw TrainingError.foreignState(reason: "`\(name)` is missing, or is not [\(width)]")
            }
            return tensor.values
        }
        self.init(means: try values(Self.names.mean), factors: try values(Self.names.factor))
    }
}
