import Foundation
import SentioNumerics

/// Deals songs to train, validation and test, or to k folds, before anything is fitted.
///
/// Songs of one group stay together; with a grid, each part gets its share of every cell of the valence-arousal plane
/// as far as groups allow. Greedy: groups go from large to small, equal sizes in seeded random order, each to the part
/// that is shortest of its strata among those with room for it.
///
/// Guarantees: every song exactly once; no group in two parts; each part's size is less than one (largest) group away
/// from its fraction, except where a part would otherwise stay empty; the result depends on the set of songs and the
/// seed, not on the order of the input.
public struct SplitPlanner: Sendable {
    /// Ascending by id.
    private let songs: [SplitSong]
    private let groups: [SongGroup]
    private let stratumSizes: [Int]
    private let hasLabels: Bool

    /// - Parameters:
    ///   - grid: stratify by this grid; nil: do not stratify.
    ///   - keepsGroups: false splits song by song whatever their groups (leaks artists; for comparison only).
    /// - Throws: `LearnError.cannotSplit` for no songs, an empty id, an id that occurs twice or a rating that is not a
    ///   finite number.
    public init(songs unordered: [SplitSong], grid: StratificationGrid? = nil, keepsGroups: Bool = true) throws {
        guard !unordered.isEmpty else { throw LearnError.cannotSplit(reason: "there are none") }
        let songs = unordered.sorted { $0.id < $1.id }
        if songs[0].id.isEmpty { throw LearnError.cannotSplit(reason: "a song has an empty id") }
        for (song, next) in zip(songs, songs.dropFirst()) where song.id == next.id {
            throw LearnError.cannotSplit(reason: "the id \"\(song.id)\" occurs more than once")
        }
        for song in songs {
            for (name, rating) in [("valence", song.valence), ("arousal", song.arousal)] {
                if let rating, !rating.isFinite {
                    throw LearnError.cannotSplit(reason: "the \(name) of song \"\(song.id)\" is \(rating)")
                }
            }
        }
        let strata = grid?.strata(of: songs) ?? songs.map { _ in 0 }
        let used = Array(Set(strata)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
        let dense = strata.map { numbers[$0] ?? 0 }
        self.songs = songs
        groups = SongGroup.make(of: songs, strata: dense, keepsGroups: keepsGroups)
        stratumSizes = dense.reduce(into: [Int](repeating: 0, count: used.count)) { $0[$1] += 1 }
        hasLabels = groups.count < songs.count
    }

    /// How many groups there are; songs without one count each.
    public var groupCount: Int { groups.count }

    /// Splits into train, validation and test; a fraction of 0 leaves that set out.
    ///
    /// - Throws: `LearnError.badParameter` for fractions below 0 or that leave nothing to train on,
    ///   `.cannotSplit` for fewer groups than sets.
    public func split(validation: Double, test: Double, seed: UInt64) throws -> SplitPlan {
        for (name, fraction) in [("validation", validation), ("test", test)] where !(fraction >= 0 && fraction < 1) {
            throw LearnError.badParameter(
                name: name, value: "\(fraction)", allowed: "a fraction from 0 to below 1")
        }
        guard validation + test < 1 else {
            throw LearnError.badParameter(
                name: "validation + test", value: "\(validation + test)",
                allowed: "below 1, so that songs are left to train on")
        }
        let shares: [(SplitSet, Double)] = [
            (.train, 1 - validation - test), (.validation, validation), (.test, test),
        ].filter { $0.1 > 0 }
        try requireGroups(shares.count, "sets (\(shares.map(\.0.rawValue).joined(separator: ", ")))")
        let parts = GreedyAssignment.assign(
            groups, stratumSizes: stratumSizes, fractions: shares.map(\.1), seed: seed)
        return SplitPlan(sets: bySong(parts) { shares[$0].0 })
    }

    /// Deals the songs to `count` folds of about equal size.
    ///
    /// - Throws: `LearnError.badParameter` for fewer than 2 folds, `.cannotSplit` for more folds than groups.
    public func folds(count: Int, seed: UInt64) throws -> FoldPlan {
        guard count >= 2 else {
            throw LearnError.badParameter(name: "folds", value: "\(count)", allowed: "at least 2")
        }
        try requireGroups(count, "folds")
        let parts = GreedyAssignment.assign(
            groups, stratumSizes: stratumSizes, fractions: [Double](repeating: 1 / Double(count), count: count),
            seed: seed)
        return FoldPlan(count: count, folds: bySong(parts) { $0 })
    }

    private func requireGroups(_ parts: Int, _ what: String) throws(LearnError) {
        guard groups.count < parts else { return }
        let present = "\(songs.count) \(songs.count == 1 ? "song" : "songs")"
        throw .cannotSplit(
            reason: hasLabels
                ? "\(present) in only \(groups.count) \(groups.count == 1 ? "group" : "groups") cannot fill "
                    + "\(parts) \(what) without tearing a group apart"
                : "\(present) cannot fill \(parts) \(what)")
    }

    private func bySong<Part>(_ parts: [Int], _ name: (Int) -> Part) -> [String: Part] {
        var result: [String: Part] = [:]
        for (group, part) in zip(groups, parts) {
            for song in group.songs { result[songs[song].id] = name(part) }
        }
        return result
    }
}
