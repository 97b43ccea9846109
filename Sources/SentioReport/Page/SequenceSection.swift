import SentioKit
import SentioNumerics

/// Ratings over time beside their predictions, a chart per song: the songs with the smallest errors, those around the
/// median and those with the largest.
enum SequenceSection {
    /// Charts of a run: the three best songs, two around the median, the three worst.
    private static let (ends, middle) = (3, 2)
    /// Of the artifact that `evaluate-sequence` writes.
    private static let type = "scored-sequences"

    private struct Song {
        let id: String
        let times: [Double]
        let lines: [SequenceChart.Line]

        var error: Double { lines.reduce(0) { $0 + $1.error } / Double(max(1, lines.count)) }
    }

    /// Whether a run has scored ratings over time.
    static func isScored(_ run: RunReport) -> Bool {
        run.artifacts.outputs.contains { $0.manifest.type == type && !$0.manifest.entries.isEmpty }
    }

    /// Those of the last stage that scored ratings over time.
    static func charts(_ run: RunReport, place: Int) -> [Chart] { charts(run.artifacts, place: place) }

    static func charts(_ artifacts: RunArtifacts, place: Int) -> [Chart] {
        guard let output = artifacts.outputs.last(where: { $0.manifest.type == type }) else { return [] }
        let bounds = output.manifest.attributes["scale"]?.list?.compactMap(\.double) ?? []
        let scale = bounds.count == 2 && bounds[0] < bounds[1] ? bounds[0]...bounds[1] : nil
        let dimensions = output.manifest.attributes["dimensions"]?.list?.compactMap(\.string) ?? []
        let songs = output.manifest.entries.compactMap { song($0, dimensions, artifacts) }.sorted {
            ($0.error, $0.id) < ($1.error, $1.id)
        }
        return selection(songs.count).enumerated().compactMap { index, choice in
            let song = songs[choice.place]
            return SequenceChart.chart(
                "\(output.stage), song \(song.id)\(choice.words)", times: song.times, lines: song.lines, scale: scale,
                name: "sequence-\(place)-\(index)")
        }
    }

    /// Which of the songs, the smallest error first, are drawn; all of them if they are few.
    /// - Returns: places with words that follow the song's name.
    static func selection(_ count: Int) -> [(place: Int, words: String)] {
        guard count > 2 * ends + middle else { return (0..<count).map { (place: $0, words: "") } }
        let first = (count - middle) / 2
        let parts = [
            (0..<ends, ", among the smallest errors"), (first..<first + middle, ", near the median error"),
            (count - ends..<count, ", among the largest errors"),
        ]
        return parts.flatMap { places, words in places.map { (place: $0, words: words) } }
    }

    /// Nil for what is missing or is no such sequence.
    private static func song(_ entry: Manifest.Entry, _ dimensions: [String], _ artifacts: RunArtifacts) -> Song? {
        let width = 1 + 2 * dimensions.count
        guard entry.blob.size <= RunArtifacts.mostBytes, let bytes = try? artifacts.source.read(entry.blob),
            let array = try? NpyFile.read(bytes), array.shape.count == 2, array.shape[0] > 0, array.shape[1] == width,
            !dimensions.isEmpty
        else { return nil }
        let numbers = array.doubles, rows = 0..<array.shape[0]
        func column(_ place: Int) -> [Double] { rows.map { numbers[$0 * width + place] } }
        return Song(
            id: entry.id, times: column(0),
            lines: dimensions.enumerated().map { index, dimension in
                SequenceChart.Line(
                    dimension: dimension, truth: column(1 + 2 * index), predicted: column(2 + 2 * index))
            })
    }
}
