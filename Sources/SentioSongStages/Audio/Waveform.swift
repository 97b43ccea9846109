package import SentioKit
import SentioNumerics

/// Reads what `decode` writes.
package enum Waveform {
    /// - throws: `NpyError`; `StageFailure` for an array that is not [samples].
    package static func samples(_ bytes: [UInt8]) throws -> [Float] {
        let array = try NpyFile.read(bytes)
        guard array.shape.count == 1 else {
            throw StageFailure("A waveform has the shape [samples], not \(array.shape).")
        }
        return array.floats
    }

    /// The attribute `sample_rate` of waveforms, in Hz.
    /// - throws: `StageFailure` where it is missing.
    package static func sampleRate(_ attributes: [String: Value]?) throws -> Int {
        guard let rate = attributes?["sample_rate"]?.int, rate > 0 else {
            throw StageFailure(
                "The waveforms have no sample rate: the attribute `sample_rate` is missing. Create them with "
                    + "`decode`."
            )
        }
        return rate
    }
}
