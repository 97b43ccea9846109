import SentioBase
import SentioKit
import SentioNumerics

/// A song's spectrogram as an image: time from left to right, low bands at the bottom, high levels bright.
enum SpectrogramPicture {
    private static let mostColumns = 360

    /// nil if the artifacts contain no spectrogram of this song.
    static func png(of song: String, in artifacts: RunArtifacts) -> [UInt8]? {
        for output in artifacts.all(.spectrograms) {
            guard let entry = output.manifest.entries.first(where: { $0.id == song }),
                entry.blob.size <= RunArtifacts.mostBytes,
                let bytes = try? artifacts.source.read(entry.blob), let array = try? NpyFile.read(bytes),
                array.shape.count == 2
            else { continue }
            return png(array.floats, bands: array.shape[0], frames: array.shape[1])
        }
        return nil
    }

    /// Averages adjacent frames if there are more than `mostColumns`. The colors span the finite values.
    static func png(_ values: [Float], bands: Int, frames: Int) -> [UInt8]? {
        guard bands > 0, bands <= 1024, frames > 0, values.count == bands * frames else { return nil }
        let columns = min(frames, mostColumns)
        var cells = [Float](repeating: 0, count: bands * columns)
        for band in 0..<bands {
            for column in 0..<columns {
                let from = column * frames / columns, to = max(from + 1, (column + 1) * frames / columns)
                let sum = values[band * frames + from..<band * frames + to].reduce(0, +)
                cells[(bands - 1 - band) * columns + column] = sum / Float(to - from)
            }
        }
        let finite = cells.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return nil }
        let scale = high > low ? 255 / (high - low) : 0
        // The difference of extreme values may not be finite.
        var image = PNGImage(width: columns, height: bands, colours: palette)
        image.pixels = cells.map { cell in
            let level = (cell - low) * scale
            return level.isFinite ? UInt8(max(0, min(255, level))) : 0
        }
        return image.bytes
    }

    /// Perceptually uniform from dark to bright, and readable with any kind of color vision (after matplotlib's magma).
    private static let palette: [(UInt8, UInt8, UInt8)] = {
        let stops: [(Double, Double, Double)] = [
            (0, 0, 4), (28, 16, 68), (79, 18, 123), (129, 37, 129), (181, 54, 122), (229, 80, 100), (251, 135, 97),
            (254, 194, 135),
            (252, 253, 191),
        ]
        return (0..<256).map { index in
            let place = Double(index) / 255 * Double(stops.count - 1), below = min(stops.count - 2, Int(place)),
                part = place - Double(below)
            func mix(_ from: Double, _ to: Double) -> UInt8 { UInt8((from + part * (to - from)).rounded()) }
            let (a, b) = (stops[below], stops[below + 1])
            return (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
        }
    }()
}
