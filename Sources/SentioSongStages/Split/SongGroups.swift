package import SentioKit

/// Which songs must stay together: those of one artist, say, and always those that are the same recording.
package struct SongGroups {
    /// One number a song, counting groups from 0 in the order of their first songs.
    package let numbers: [Int]
    package var count: Int { (numbers.max() ?? -1) + 1 }

    /// - parameter labels: what songs have in common, or empty for a song on its own.
    /// - parameter sources: the original recordings behind each song.
    package init(labels: [String], sources: [[ContentHash]]) {
        precondition(labels.count == sources.count, "Every song needs a label and its sources.")
        var parent = Array(labels.indices)
        func root(_ song: Int) -> Int {
            var song = song
            while parent[song] != song {
                parent[song] = parent[parent[song]]
                song = parent[song]
            }
            return song
        }
        func join(_ one: Int, _ other: Int) {
            let (one, other) = (root(one), root(other))
            parent[max(one, other)] = min(one, other)
        }
        var byLabel: [String: Int] = [:], bySource: [ContentHash: Int] = [:]
        for song in labels.indices {
            if !labels[song].isEmpty {
                if let first = byLabel[labels[song]] { join(first, song) } else { byLabel[labels[song]] = song }
            }
            for source in sources[song] {
                if let first = bySource[source] { join(first, song) } else { bySource[source] = song }
            }
        }
        var names: [Int: Int] = [:]
        numbers = labels.indices.map { song in
            let root = root(song)
            let number = names[root] ?? names.count
            names[root] = number
            return number
        }
    }
}
