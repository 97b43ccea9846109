import Foundation
import SentioKit
import Testing

@testable import SentioReport

@Suite struct TagSectionTests {
    private let table = Table(
        columns: ["song_id", "tag_1", "probability_1", "tag_2", "probability_2"],
        rows: [
            ["a", "rock", "0.7100", "<indie>", "0.5249"], ["b", "jazz", "0.3", "", ""], ["c", "folk", "many", "", ""],
        ])

    private func song(_ id: String, _ error: Double) -> SongSection.Song {
        SongSection.Song(id: id, ratings: [("valence", 5, 5 + error), ("arousal", 3, 3 - error)])
    }

    @Test func tagsAreReadInTheirOrder() {
        let tags = TagSection.tags(table)
        #expect(
            tags == [
                "a": [.init(name: "rock", probability: 0.71), .init(name: "<indie>", probability: 0.5249)],
                "b": [.init(name: "jazz", probability: 0.3)], "c": [],
            ])
        #expect(TagSection.tags(Table(columns: ["id"], rows: [["a"]])).isEmpty)
    }

    @Test func everyScoredSongHasItsTagsBesideItsError() {
        let html = TagSection.html(
            [song("b", 1.5), song("elsewhere", 1), song("a", 0.25)], tags: TagSection.tags(table),
            caption: "tags, beside score, test songs", scale: " on a scale from 1 to 9", unit: "")
        #expect(WellFormed.fault(in: html) == nil)
        #expect(html.contains("tags, beside score, test songs, largest error first. "))
        #expect(html.contains("1 song without tags left out."))
        #expect(!html.contains("elsewhere"))
        let cells = html.components(separatedBy: "<td").dropFirst().map {
            $0.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }
        }
        #expect(
            Array(cells.drop { $0.isEmpty }.map(String.init).prefix(7)) == [
                "5.00", "6.50", "3.00", "1.50", "1.50", "jazz 0.30", "",
            ])
        #expect(html.contains("<td>rock 0.71</td><td>&lt;indie&gt; 0.52</td>"))
    }

    @Test func withoutScoredSongsThereIsNoTable() {
        #expect(TagSection.html([], tags: TagSection.tags(table), caption: "", scale: "", unit: "").isEmpty)
        #expect(TagSection.html([song("z", 1)], tags: TagSection.tags(table), caption: "", scale: "", unit: "").isEmpty)
    }
}
