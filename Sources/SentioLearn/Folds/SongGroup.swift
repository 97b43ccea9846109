import Foundation

/// Songs that must stay together, as indices into the list of songs in ascending order of their ids.
struct SongGroup: Sendable {
    var songs: [Int] = []
    /// How many of its songs are in each stratum, ascending by stratum.
    var strata: [(stratum: Int, songs: Int)] = []

    /// All groups, in the order of their first songs.
    static func make(of songs: [SplitSong], strata: [Int], keepsGroups: Bool) -> [SongGroup] {
        var groups: [SongGroup] = []
        var places: [String: Int] = [:]
        for (index, song) in songs.enumerated() {
            let label = song.group?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
            if keepsGroups, !label.isEmpty {
                if let place = places[label] {
                    groups[place].songs.append(index)
                    continue
                }
                places[label] = groups.count
            }
            groups.append(SongGroup(songs: [index]))
        }
        for place in groups.indices {
            let counts = groups[place].songs.reduce(into: [Int: Int]()) { $0[strata[$1], default: 0] += 1 }
            groups[place].strata = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        return groups
    }
}
