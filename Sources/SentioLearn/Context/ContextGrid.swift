/// The weights of a context to choose from: every combination of these values.
public struct ContextGrid: Sendable, Hashable {
    /// See `ContextWeights.slope`.
    public let slopes: [Double]
    /// See `ContextWeights.offset`.
    public let offsets: [Double]

    /// Factors of 4 around 2. Of 496 songs from three datasets, arousal took the smallest and valence any of them.
    public static let defaultSlopes = [0.5, 2, 8]
    /// Factors of 10. Of 496 songs from three datasets, arousal took the smallest, valence the largest.
    public static let defaultOffsets = [0.003, 0.03, 0.3, 3]

    /// All combinations of these values.
    public init(slopes: [Double] = ContextGrid.defaultSlopes, offsets: [Double] = ContextGrid.defaultOffsets) {
        self.slopes = slopes
        self.offsets = offsets
    }

    /// In ascending order, so that contexts which differ less win ties.
    var candidates: [ContextWeights] {
        Set(slopes).sorted().flatMap { slope in
            Set(offsets).sorted().map { ContextWeights(slope: slope, offset: $0) }
        }
    }

    func validate() throws(LearnError) {
        for (name, values) in [("context slope", slopes), ("context offset", offsets)] {
            if values.isEmpty { throw .badParameter(name: name, value: "empty", allowed: "a list of numbers") }
            for value in values where !(value >= 0 && value.isFinite) {
                throw .badParameter(name: name, value: "\(value)", allowed: "0 or a positive number")
            }
        }
    }
}
