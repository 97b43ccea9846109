public import SentioKit

/// Peak level of each song.
///
/// Input: mono waveforms, float32 `.npy` of [samples]. Output: one number per song in dBFS, float64 `.npy` of [1];
/// silence is `floor`. Deterministic. Throws a sentence for what is no such array.
public struct PeakStage: ItemwiseStage {
    public static let kind = "peak"
    /// Raise it when the numbers change: older results are then not reused.
    public static let version = 1
    public static let summary = "Measures each song's peak level."
    static let floor = Parameter("floor", default: -100.0, in: -200...0, "Level of silence.", unit: "dBFS")
    public static let parameters: [any ParameterDefinition] = [floor]
    static let waveforms = InputPort("waveforms", .waveforms, "Mono samples.")
    public static let inputs = [waveforms]
    static let features = OutputPort("features", .features, "One number per song.")
    public static let outputs = [features]

    private let configuration: Configuration

    public init(_ configuration: Configuration) { self.configuration = configuration }

    public func attributes(of inputs: PortMap<[String: Value]>) -> [String: Value] { ["columns": ["peak"]] }
    public func makeWorker(_ shared: SharedInputs) -> any ItemWorker { PeakWorker(floor: configuration[Self.floor]) }
}
