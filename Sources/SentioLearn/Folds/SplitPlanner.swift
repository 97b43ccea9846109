import Foundation
import SentioNumerics

/// Splits songs into train, validation and test sets, or into k folds, before anything is fitted.
///
/// The songs of a group stay together. With a grid, each part gets its share of every cell of the valence-arousal
/// plane, as far as groups allow. The algorithm is greedy: it takes groups from large to small (random order among
/// equal sizes) and assigns each to the part with the largest deficit in its strata, among those with room for it.
///
/// Guarantees: every song is assigned exactly once; no group is in two parts; the size of each part differs from its
/// fraction by less than the largest group, except where the part would otherwise be empty; the result depends only on
/// the set of songs and the seed, not on the order of the input.
public struct SplitPlanner: Sendable {
    /// Ascending by id.
    private let songs: [SplitSong]
    private let groups: [SongGroup]
    private let stratumSizes: [Int]
    private let hasLabels: Bool

    /// - Parameters:
    ///   - grid: the strata; nil for no stratification.
    ///   - keepsGroups: false ignores groups. That leaks artists, and is meant for comparisons only.
    /// - Throws: `LearnError.cannotSplit` for no songs, an empty or duplicate id, or a rating that is not a finite
    ///   number.
    public init(songs unordered: [SplitSong], grid: StratificationGrid? = nil, keepsGroups: Bool = true) throws {
        guard !unordered.isEmpty else { throw LearnError.cannotSplit(reason: "there are no songs") }
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

    /// How many groups there are; a song without a group counts as one.
    public var groupCount: Int { groups.count }

    /// Splits into train, validation and test; a fraction of 0 omits that set.
    ///
    /// - Throws: `LearnError.badParameter` for fractions that are negative or leave nothing to train on, `.cannotSplit`
    ///   for fewer groups than sets.
    public func split(validation: Double, test: Double, seed: UInt64) throws -> SplitPlan {
        for (name, fraction) in [("validation", validation), ("test", test)] where !(fraction >= 0 && fraction < 1) {
            throw LearnError.badParameter(
                name: name, value: "\(fraction)", allowed: "at least 0 and less than 1")
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

    /// Splits the songs into `count` folds of about equal size.
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
