package import SentioKit

/// The `sweep:` block of a pipeline file, decoded. Names as in W&B where it has them.
public struct SweepSpec: Sendable {
    /// More settings than that are no sweep.
    package static let maximumArms = 10_000
    /// As many dimensions as there are direction numbers for (`SobolDirections`).
    package static let maximumSobolParameters = 40

    public enum Method: String, Sendable, CaseIterable {
        /// Every combination of the parameters' values.
        case grid
        /// The combinations that the file lists.
        case list
        /// Drawn, each by itself.
        case random
        /// Points of a Sobol sequence: they fill the space evenly, however many there are.
        case sobol
    }

    /// The number that a sweep is about.
    public struct Metric: Sendable, Equatable {
        public enum Goal: String, Sendable, CaseIterable { case minimize, maximize }
        /// `score.test.ccc`.
        public let name: String
        public let goal: Goal
    }

    /// Each setting is run so many times.
    public struct Replicates: Sendable, Equatable {
        public var count = 1
        /// The stages, groups or members whose random numbers change with the replicate; nil: all.
        public var seeds: [String]?
    }

    public internal(set) var name: String?
    public internal(set) var method = Method.grid
    /// In the order of the file.
    public internal(set) var parameters: [SweepParameter] = []
    /// For `list`: the settings.
    package internal(set) var cells: [[SweepSetting]] = []
    public internal(set) var metric: Metric?
    /// At most so many settings, replicates not counted.
    public internal(set) var runCap: Int?
    /// What `random` and `sobol` draw by; nil: the pipeline's seed.
    public internal(set) var seed: Int?
    public internal(set) var replicates = Replicates()
    package internal(set) var expectations: [SpecNode] = []
    /// Where names stand, for what is found wrong later.
    package internal(set) var origins: [String: SpecOrigin] = [:]
    package internal(set) var origin: SpecOrigin

    /// Names of the parameters that vary, in the order of the file.
    public var names: [String] {
        method == .list ? cells.first.map { $0.map(\.name) } ?? [] : parameters.map(\.name)
    }
}

/// A value for a parameter, and where it stands.
package struct SweepSetting: Sendable {
    package let name: String
    package let value: Value
    package let origin: SpecOrigin
    /// The value as it is written, where it prints otherwise: `1e-3`.
    var written: String?

    /// `ratio=0.25,ast.dim=96`.
    package static func arm(_ settings: [SweepSetting]) -> String {
        settings.map { "\($0.name)=\(canonical($0.value))" }.joined(separator: ",")
    }

    /// A value as text, such that `1`, `1.0` and `1e0` are one.
    package static func canonical(_ value: Value) -> String {
        if let whole = value.int { return "\(whole)" }
        if let text = value.string, text.contains(where: { $0 == "," || $0 == "=" || $0.isWhitespace }) {
            return JSON.text(value)
        }
        return value.text
    }
}
