import Testing

@testable import SentioPredict

@Suite struct SongWarningTests {
    @Test func oneSong() {
        let warning = SongWarning("12: shorter than a patch: repeated", among: ["1", "12", "12: x"])
        #expect(warning == SongWarning("shorter than a patch: repeated", songs: ["12"]))
    }

    @Test func severalSongs() {
        let warning = SongWarning("2 songs: silent (1, 12)", among: ["1", "12"])
        #expect(warning.songs == ["1", "12"] && warning.sentence == "silent" && !warning.isCut)
    }

    @Test func moreSongsThanNamed() {
        let text = "31 songs: silent (1, 2, 3, 4, 5 and 26 more)"
        let warning = SongWarning(text, among: (1...31).map { "\($0)" })
        #expect(warning.songs == ["1", "2", "3", "4", "5"] && warning.sentence == text && warning.isCut)
    }

    @Test func allTogether() {
        let warning = SongWarning("3 of 8 mel bands are empty (n_fft)", among: ["3"])
        #expect(warning.songs.isEmpty && warning.sentence == "3 of 8 mel bands are empty (n_fft)")
    }
}
