/// A g x g grid over the valence-arousal plane. Its cells are the strata of a split; songs that lack a rating form one
/// more stratum.
public struct StratificationGrid: Sendable, Hashable {
    /// What the grid spans; ratings outside fall into the border cells.
    public enum Range: Sendable, Hashable {
        /// From the smallest to the largest rating of the songs, for each dimension.
        case observed
        /// The rating scale of both dimensions, for example 1...9.
        case scale(ClosedRange<Double>)
    }

    /// Cells per side, g.
    public let cells: Int
    /// What the grid spans.
    public let range: Range

    /// - Throws: `LearnError.badParameter` for cells outside 1...100 or an empty or infinite scale.
    public init(cells: Int = 5, range: Range = .observed) throws {
        guard (1...100).contains(cells) else {
            throw LearnError.badParameter(name: "grid", value: "\(cells)", allowed: "between 1 and 100 cells per side")
        }
        if case .scale(let scale) = range {
            let width = scale.upperBound - scale.lowerBound
            guard width > 0, width.isFinite else {
                throw LearnError.badParameter(
                    name: "rating range", value: "\(scale)", allowed: "two different finite numbers")
            }
        }
        self.cells = cells
        self.range = range
    }

    /// The stratum of each song: valence cell x g + arousal cell, or g x g for an unrated song.
    func strata(of songs: [SplitSong]) -> [Int] {
        let valence = cell(of: songs.map(\.valence))
        let arousal = cell(of: songs.map(\.arousal))
        return zip(valence, arousal).map { valence, arousal in
            guard let valence, let arousal else { return cells * cells }
            return valence * cells + arousal
        }
    }

    private func cell(of values: [Double?]) -> [Int?] {
        let present = values.compactMap { $0 }
        var (lower, upper) = (present.min() ?? 0, present.max() ?? 0)
        if case .scale(let scale) = range { (lower, upper) = (scale.lowerBound, scale.upperBound) }
        // Halved to prevent overflow for extreme ratings.
        let width = upper / 2 - lower / 2
        return values.map { value in
            guard let value else { return nil }
            guard width > 0 else { return 0 }
            let place = (value / 2 - lower / 2) / width * Double(cells)
            return Int(max(0, min(Double(cells - 1), place)))
        }
    }
}
