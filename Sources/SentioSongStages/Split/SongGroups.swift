package import SentioKit

/// Which songs must stay together: those of one artist, for example, and always copies of the same recording.
package struct SongGroups {
    /// One group number per song, counting from 0 in the order of the groups' first songs.
    package let numbers: [Int]
    package var count: Int { (numbers.max() ?? -1) + 1 }

    /// - parameter labels: what songs have in common, such as their artist; empty for a song on its own.
    /// - parameter sources: the original recordings behind each song.
    /// - parameter recordings: names of recordings, empty for a song without copies; nil: unknown.
    package init(labels: [String], sources: [[ContentHash]], recordings: [String]? = nil) {
        precondition(labels.count == sources.count, "Every song needs a label and its sources.")
        precondition(recordings.map { $0.count == labels.count } ?? true, "Every song needs the name of its recording.")
        var sets = DisjointSets(count: labels.count)
        var byLabel: [String: Int] = [:], bySource: [ContentHash: Int] = [:], byRecording: [String: Int] = [:]
        for song in labels.indices {
            if !labels[song].isEmpty {
                if let first = byLabel[labels[song]] { sets.join(first, song) } else { byLabel[labels[song]] = song }
            }
            for source in sources[song] {
                if let first = bySource[source] { sets.join(first, song) } else { bySource[source] = song }
            }
            if let name = recordings?[song], !name.isEmpty {
                if let first = byRecording[name] { sets.join(first, song) } else { byRecording[name] = song }
            }
        }
        var names: [Int: Int] = [:], numbers: [Int] = []
        for song in labels.indices {
            let root = sets.root(song)
            let number = names[root] ?? names.count
            names[root] = number
            numbers.append(number)
        }
        self.numbers = numbers
    }
}
