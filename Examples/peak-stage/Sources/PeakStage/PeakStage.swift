public import SentioKit

/// Peak level of each song.
///
/// Input: mono waveforms, float32 `.npy` of [samples]. Output: one number per song in dBFS, float64 `.npy` of [1];
/// silence is `floor`. Deterministic. Throws a sentence for what is no such array.
public struct PeakStage: ItemwiseStage {
    public static let kind = "peak"
    /// Raise it when the numbers change: older results are then not used again.
    public static let version = 1
    public static let summary = "Measures each song's peak level."
    static let floor = Parameter("floor", default: -100.0, in: -200...0, "Level of silence.", unit: "dBFS")
    public static let parameters: [any ParameterDefinition] = [floor]
    public static let inputs = [InputPort("waveforms", .waveforms, "Mono samples.")]
    public static let outputs = [OutputPort("features", .features, "One number per song.")]

    private let floor: Double

    public init(_ configuration: Configuration) { floor = configuration[Self.floor] }

    public func attributes(of inputs: [String: [String: Value]]) -> [String: Value] { ["columns": ["peak"]] }
    public func makeWorker(_ shared: SharedInputs) -> any ItemWorker { PeakWorker(floor: floor) }
}
