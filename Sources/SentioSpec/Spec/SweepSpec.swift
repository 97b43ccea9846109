package import SentioKit

/// The decoded `sweep:` block of a pipeline file. Names as in W&B, where it has them.
public struct SweepSpec: Sendable {
    /// Limit on the number of settings.
    package static let maximumArms = 10_000
    /// Number of dimensions with direction numbers (`SobolDirections`).
    static let maximumSobolParameters = 40

    /// How the settings are chosen.
    public enum Method: String, Sendable, CaseIterable {
        /// Every combination of the parameters' values.
        case grid
        /// The settings that the file lists under `cells:`.
        case list
        /// Settings drawn independently.
        case random
        /// Points of a Sobol sequence, which fill the space evenly, however many there are.
        case sobol
    }

    /// The metric that a sweep optimizes.
    public struct Metric: Sendable, Equatable {
        /// Whether lower or higher values are better.
        public enum Goal: String, Sendable, CaseIterable { case minimize, maximize }
        /// `score.test.ccc`.
        public let name: String
        /// Which direction is better.
        public let goal: Goal
    }

    /// How often each setting is run.
    public struct Replicates: Sendable, Equatable {
        /// 1 or more.
        public var count = 1
        /// The stages, groups or members whose random numbers change with the replicate; nil: all.
        public var seeds: [String]?
    }

    /// `name:`; nil: that of the pipeline.
    public internal(set) var name: String?
    /// `method:`; default `grid`, or `list` if there are `cells:`.
    public internal(set) var method = Method.grid
    /// In the order of the file.
    public internal(set) var parameters: [SweepParameter] = []
    /// The settings, for `list`.
    package internal(set) var cells: [[SweepSetting]] = []
    /// `metric:`; nil: none.
    public internal(set) var metric: Metric?
    /// Maximum number of settings, not counting replicates.
    public internal(set) var runCap: Int?
    /// Seed of the draws of `random` and `sobol`; nil: that of the pipeline.
    public internal(set) var seed: Int?
    /// `replicates:`; default one.
    public internal(set) var replicates = Replicates()
    package internal(set) var expectations: [SpecNode] = []
    /// Origins of the keys, for faults found later.
    package internal(set) var origins: [String: SpecOrigin] = [:]
    package internal(set) var origin: SpecOrigin

    /// Names of the parameters that vary, in the order of the file.
    public var names: [String] {
        method == .list ? cells.first.map { $0.map(\.name) } ?? [] : parameters.map(\.name)
    }
}

/// A value of a parameter, with its origin.
package struct SweepSetting: Sendable {
    package let name: String
    package let value: Value
    package let origin: SpecOrigin
    /// The spelling of the value, if it prints differently: `1e-3`.
    var written: String?

    /// `ratio=0.25,ast.dim=96`.
    package static func arm(_ settings: [SweepSetting]) -> String {
        settings.map { "\($0.name)=\(canonical($0.value))" }.joined(separator: ",")
    }

    /// A value as text, the same for `1`, `1.0` and `1e0`.
    package static func canonical(_ value: Value) -> String {
        if let whole = value.int { return "\(whole)" }
        if let text = value.string, text.contains(where: { $0 == "," || $0 == "=" || $0.isWhitespace }) {
            return JSON.text(value)
        }
        return value.text
    }
}
