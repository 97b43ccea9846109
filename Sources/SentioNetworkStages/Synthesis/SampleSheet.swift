import SentioBase
import SentioNN
import SentioNumerics
import Synchronization

/// An image of samples over the rating plane: the first dimension from left to right, the second from bottom to top,
/// all from the same noise. Low bands are at the bottom of each sample.
struct SampleSheet {
    private static let side = 5
    private static let mostFrames = 256
    /// Extent of the ratings, on the scale -1...1.
    private static let reach: Float = 0.8
    private static let gap = 2

    private let latent: [Float]
    private let rows: Int

    init(noise: Int, condition: Int, seed: UInt64) {
        var random = Philox(key: seed ^ 0x54EE_7000)
        let shared = (0..<noise).map { _ in Float(random.nextNormal()) }
        rows = condition > 1 ? Self.side : 1
        latent = (0..<Self.side * rows).flatMap { cell -> [Float] in
            var ratings = [Float](repeating: 0, count: condition)
            ratings[0] = Self.place(cell % Self.side)
            if condition > 1 { ratings[1] = Self.place(Self.side - 1 - cell / Self.side) }
            return shared + ratings
        }
    }

    private static func place(_ cell: Int) -> Float { reach * (2 * Float(cell) / Float(side - 1) - 1) }

    func image(_ sampler: GeneratorSampler) throws -> PNGImage {
        let c = sampler.generator.configuration, shown = min(c.frames, Self.mostFrames)
        let (width, height) = (Self.side * (shown + Self.gap) - Self.gap, rows * (c.mels + Self.gap) - Self.gap)
        let image = Mutex(PNGImage(width: width, height: height, colours: Self.colours))
        try sampler.make(Self.side * rows, latent: latent) { cell, values in
            let (left, top) = (cell % Self.side * (shown + Self.gap), cell / Self.side * (c.mels + Self.gap))
            image.withLock { image in
                for band in 0..<c.mels {
                    for frame in 0..<shown {
                        let level = Int((values[band * c.frames + frame] + 1) * 7.5)
                        image.pixels[(top + c.mels - 1 - band) * width + left + frame] = UInt8(min(15, max(0, level)))
                    }
                }
            }
        }
        return image.withLock { $0 }
    }

    /// Sixteen steps of matplotlib's viridis.
    private static let colours: [(UInt8, UInt8, UInt8)] = [
        (68, 1, 84), (72, 26, 108), (71, 47, 125), (65, 68, 135), (57, 86, 140), (49, 104, 142), (42, 120, 142),
        (35, 136, 142),
        (31, 152, 139), (34, 168, 132), (53, 183, 121), (84, 197, 104), (122, 209, 81), (165, 219, 54), (210, 226, 27),
        (253, 231, 37),
    ]
}
