import CAudioKernels
import Foundation

/// spectral_contrast_1 ... 7 in dB: the mean of the loudest 2 % of bins relative to that of the quietest 2 %, in the
/// bands 0-200, 200-400, ... Hz and from 6400 Hz to half the sample rate. Peaks and valleys are each floored 80 dB
/// below their maximum in the clip, as in librosa.feature.spectral_contrast, which takes 10 log10 of magnitudes.
struct SpectralContrastDescriptor: DescriptorFamily {
    static let names = (1...count).map { "spectral_contrast_\($0)" }
    static let count = 7

    private struct Band {
        let first: Int
        let count: Int
        /// Bins averaged at each end.
        let extremes: Int
    }
    private let bands: [Band]
    private let firstRow: Int

    init(_ settings: HandcraftedFeatures.Settings) throws {
        let hzPerBin = Double(settings.sampleRate) / Double(settings.fftSize)
        let bins = settings.fftSize / 2 + 1
        let edges = [0.0] + (0..<Self.count).map { 200 * exp2(Double($0)) }
        guard edges[Self.count - 1] < Double(settings.sampleRate) / 2 else {
            throw AudioError.setting(
                name: "sample_rate", reason: "spectral contrast needs more than 12800 Hz, not \(settings.sampleRate)")
        }
        var bands: [Band] = []
        for k in 0..<Self.count {
            let inside = (0..<bins).filter {
                Double($0) * hzPerBin >= edges[k] && Double($0) * hzPerBin <= edges[k + 1]
            }
            guard var first = inside.first, var last = inside.last else {
                throw AudioError.setting(
                    name: "n_fft", reason: "\(settings.fftSize) leaves a band of the spectral contrast empty")
            }
            // As in librosa, each band except the first begins one bin lower, the last includes all bins above it, and
            // the others drop their top bin after the 2 % have been counted.
            if k > 0 { first -= 1 }
            if k == Self.count - 1 { last = bins - 1 }
            let extremes = max(1, Int((0.02 * Double(last - first + 1)).rounded(.toNearestOrEven)))
            if k < Self.count - 1 { last -= 1 }
            guard last - first + 1 >= extremes else {
                throw AudioError.setting(
                    name: "n_fft", reason: "\(settings.fftSize) leaves a band of the spectral contrast empty")
            }
            bands.append(Band(first: first, count: last - first + 1, extremes: extremes))
        }
        self.bands = bands
        firstRow = HandcraftedFeatures.row(of: Self.names[0])
    }

    /// For the valleys. The peaks are written directly to the rows.
    var scratchRows: Int { Self.count }

    func consume(_ block: SpectrumBlock, _ rows: DescriptorRows) {
        for (k, band) in bands.enumerated() {
            let lanes = SpectrumBlock.lanes
            withUnsafeTemporaryAllocation(of: Float.self, capacity: band.extremes * lanes) { scratch in
                audio_extremes(
                    block.magnitude + band.first * lanes, Int64(band.count), Int64(band.extremes), scratch.baseAddress,
                    rows.scratchRow(k) + block.firstFrame, rows.row(firstRow + k) + block.firstFrame)
            }
        }
    }

    func finish(_ samples: UnsafeBufferPointer<Float>, _ rows: DescriptorRows, _ workspace: DescriptorWorkspace) {
        let count = Int64(Self.count * rows.stride)
        let peaks = rows.row(firstRow)
        for values in [peaks, rows.scratch] {
            let loudest = audio_power_to_db(values, count, LogMelSpectrogram.smallestPower, 1)
            audio_raise_to(values, count, loudest - 80)
        }
        for i in 0..<Int(count) { peaks[i] -= rows.scratch[i] }
    }
}
