import SentioAudio
import Testing

struct DemoSongsTests {
    @Test func aSongIsARealMP3AndTheSameEveryTime() throws {
        let song = try DemoSongs.song(index: 4, count: 60)
        #expect(song.id == "demo-005" && song.artist == "demo artist 02")
        #expect(try DemoSongs.song(index: 4, count: 60) == song)
        #expect(try DemoSongs.song(index: 4, count: 60, seed: 1).mp3 != song.mp3)
        let clip = try AudioDecoder().decode(song.mp3)
        #expect(abs(clip.seconds - 12) < 0.1)
        #expect(clip.samples.contains { abs($0) > 0.02 } && clip.samples.allSatisfy { abs($0) <= 1.2 })
        #expect((1...9).contains(song.valence) && (1...9).contains(song.arousal))
        #expect(song.valenceStd > 0 && song.arousalStd > 0)
    }

    @Test func arousalCanBeHeard() throws {
        let songs = try (0..<8).map { try DemoSongs.song(index: $0, count: 8) }
        let features = try HandcraftedFeatures()
        let column = try #require(HandcraftedFeatures.names.firstIndex(of: "rms_mean"))
        let loudness = try songs.map { try features.compute(AudioDecoder().decode($0.mp3).samples)[column] }
        let calm = try #require(songs.indices.min { songs[$0].arousal < songs[$1].arousal })
        let excited = try #require(songs.indices.max { songs[$0].arousal < songs[$1].arousal })
        #expect(loudness[excited] > 2 * loudness[calm])
    }
}
