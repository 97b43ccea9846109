import CAudioKernels
import Foundation

/// mfcc_1 ... mfcc_13: orthonormal DCT-II over 128 mel bands (20 to 8000 Hz) in dB relative to power 1, floored 80 dB
/// below the clip's maximum, as in librosa.feature.mfcc(S=power_to_db(melspectrogram(...))).
struct MFCCDescriptor: DescriptorFamily {
    static let names = (1...count).map { "mfcc_\($0)" }
    static let count = 13
    static let mels = 128

    let filters: MelFilterBank
    /// DCT matrix [count, mels].
    private let table: [Float]

    init(_ settings: HandcraftedFeatures.Settings) throws {
        filters = try MelFilterBank(
            sampleRate: settings.sampleRate, fftSize: settings.fftSize, mels: Self.mels, minHz: 20, maxHz: 8000)
        table = (0..<Self.count).flatMap { k in
            (0..<Self.mels).map { m in
                let scale = (Double(k == 0 ? 1 : 2) / Double(Self.mels)).squareRoot()
                return Float(scale * cos(Double.pi * Double(k) * (Double(m) + 0.5) / Double(Self.mels)))
            }
        }
    }

    var scratchRows: Int { Self.mels }

    func consume(_ block: SpectrumBlock, _ rows: DescriptorRows) {
        filters.apply(block, into: rows.scratch, stride: rows.stride)
    }

    func finish(_ samples: UnsafeBufferPointer<Float>, _ rows: DescriptorRows, _ workspace: DescriptorWorkspace) {
        let count = Int64(Self.mels * rows.stride)
        let loudest = audio_power_to_db(rows.scratch, count, LogMelSpectrogram.smallestPower, 1)
        audio_raise_to(rows.scratch, count, loudest - 80)
        audio_cosine_transform(
            table, Int64(Self.count), Int64(Self.mels), rows.scratch, rows.row("mfcc_1"), Int64(rows.stride),
            Int64(rows.frames))
    }
}
