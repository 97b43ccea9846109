import CAudioKernels
import Foundation

/// chroma_1 (C) ... chroma_12 (B): energy by pitch class (A = 440 Hz), each frame divided by its maximum, as in
/// librosa.feature.chroma_stft(S=power, tuning=0). A silent frame gives 0.
struct ChromaDescriptor: DescriptorFamily {
    static let names = (1...12).map { "chroma_\($0)" }

    /// [bins][12]
    private let weights: [Float]
    private let firstRow: Int

    init(_ settings: HandcraftedFeatures.Settings) {
        weights = Self.filters(sampleRate: settings.sampleRate, fftSize: settings.fftSize)
        firstRow = HandcraftedFeatures.row(of: "chroma_1")
    }

    func consume(_ block: SpectrumBlock, _ rows: DescriptorRows) {
        let out = rows.row(firstRow) + block.firstFrame
        audio_chroma_bank(block.power, weights, Int64(block.bins), out, Int64(rows.stride))
        for lane in 0..<block.frames {
            var largest: Float = 0
            for row in 0..<12 { largest = max(largest, out[row * rows.stride + lane]) }
            guard largest >= .leastNormalMagnitude else { continue }
            for row in 0..<12 { out[row * rows.stride + lane] /= largest }
        }
    }

    /// The filters of librosa.filters.chroma: a Gaussian around each pitch class, columns normalized to length 1, then
    /// weighted by a Gaussian two octaves wide around the fifth octave above 27.5 Hz (ctroct=5).
    static func filters(sampleRate: Int, fftSize: Int) -> [Float] {
        func position(_ k: Int) -> Double { 12 * log2(Double(k) * Double(sampleRate) / Double(fftSize) / 27.5) }
        // librosa places 0 Hz 1.5 octaves below the first bin.
        let positions = [position(1) - 18] + (1..<fftSize).map(position)
        var result: [Float] = []
        for bin in 0..<(fftSize / 2 + 1) {
            let width = bin + 1 < fftSize ? max(positions[bin + 1] - positions[bin], 1) : 1
            var column = (0..<12).map { pitch in
                let distance = (positions[bin] - Double(pitch) + 6 + 120).truncatingRemainder(dividingBy: 12)
                return exp(-0.5 * pow(2 * ((distance < 0 ? distance + 12 : distance) - 6) / width, 2))
            }
            let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let octave = exp(-0.5 * pow((positions[bin] / 12 - 5) / 2, 2))
            column = column.map { $0 / length * octave }
            // Rotate from A to C as the first row.
            result += (0..<12).map { Float(column[($0 + 3) % 12]) }
        }
        return result
    }
}
