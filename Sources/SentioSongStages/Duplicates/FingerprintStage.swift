package import SentioKit
import SentioAudio
import SentioNumerics

/// Mono samples to acoustic fingerprints: `.npy` int64 [frames], one frame every 23 ms; attribute `frame_seconds`.
///
/// A fingerprint is robust to changes of loudness, encoding and sample rate and to moderate noise, but not to changes
/// of tempo or pitch. A song that is silent or shorter than 0.4 s has none and causes a warning. Deterministic.
package struct FingerprintStage: ItemwiseStage {
    package static let kind = "fingerprint"
    package static let version = 1
    package static let summary =
        "Computes acoustic fingerprints, from which `near-duplicates` finds copies of a recording."

    package static let parameters: [any ParameterDefinition] = []
    static let waveforms = InputPort("waveforms", .waveforms, "Mono samples at 4000 Hz or more.")
    package static let inputs = [waveforms]
    static let fingerprints = OutputPort(
        "fingerprints", .fingerprints, "Fingerprint words and their reliable bits, [frames].")
    package static let outputs = [fingerprints]

    package init(_ configuration: Configuration) {}

    package func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker {
        Worker(try Fingerprinter(sampleRate: try Waveform.sampleRate(shared.attributes[Self.waveforms])))
    }

    package func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] {
        ["frame_seconds": .double(AcousticFingerprint.frameSeconds)]
    }

    private final class Worker: ItemWorker {
        let fingerprinter: Fingerprinter
        init(_ fingerprinter: Fingerprinter) { self.fingerprinter = fingerprinter }

        func process(_ item: Item) throws -> [UInt8] {
            let fingerprint = try fingerprinter.fingerprint(try Waveform.samples(item.bytes(waveforms)))
            if fingerprint.count == 0 {
                item.warn("shorter than 0.4 s, too short for a fingerprint")
            } else if fingerprint.soundingCount == 0 {
                item.warn("silent between 300 and 2000 Hz, so it has no fingerprint")
            }
            let packed = fingerprint.packed
            return NpyFile.write(NpyArray(packed, shape: [packed.count]))
        }
    }
}
