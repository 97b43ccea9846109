import Foundation
import Testing

/// Sound files that are not what they should be: a sentence that names the song and says what to do, exit code 1, and
/// the other songs finished and kept; or a result, where silence and shortness are all that is odd.
@Suite struct BadAudioTests {
    static let yaml = """
        stages:
          songs: { uses: song-dataset, with: { source: data } }
          waves: { uses: decode, in: { audio: songs.audio }, with: { duration: 1.5 } }
          mels: { uses: mel-extract, in: { waveforms: waves }, with: { n_mels: 16 } }
          table: { uses: handcrafted-features, in: { waveforms: waves } }

        """

    private func project() throws -> CommandLineProject {
        let project = try CommandLineProject()
        try DemoProject.dataset(in: project, songs: 4)
        try project.write(Self.yaml, to: "p.yaml")
        return project
    }

    /// Runs with song 1 replaced.
    private func run(
        _ bytes: Data, as name: String = "1.mp3", check: (CommandResult, CommandLineProject) throws -> Void
    ) throws {
        let project = try project()
        if name != "1.mp3" { try project.remove("data/audio/1.mp3") }
        try project.write(bytes, to: "data/audio/" + name)
        try check(try project.sentio("run", "p.yaml", "--json"), project)
    }

    private func expectSentence(_ sentence: String, _ bytes: Data, location: SourceLocation = #_sourceLocation) throws {
        try run(bytes) { run, project in
            #expect(run.exitCode == 1, "\(run)", sourceLocation: location)
            #expect(try run.finished["status"].text == "failed", sourceLocation: location)
            let waves = try run.finished["stages"][named: "waves"]
            #expect(waves["state"].text == "failed", sourceLocation: location)
            #expect(
                waves["message"].text.contains("1 of 4 songs failed in waves; the others are finished and kept."),
                sourceLocation: location)
            #expect(
                waves["message"].text.contains("\n  1: " + sentence), "\(waves["message"].text)",
                sourceLocation: location)
            #expect(waves["items"]["failed"].int == 1 && waves["items"]["executed"].int == 3, sourceLocation: location)
            #expect(try run.finished["stages"][named: "table"]["state"].text == "skipped", sourceLocation: location)
            // Leaving it out is the user's to say, and is said.
            let skipping = Self.yaml.replacingOccurrences(
                of: "with: { duration: 1.5 } }", with: "with: { duration: 1.5 }, on_error: skip }")
            try project.write(skipping, to: "p.yaml")
            let without = try project.sentio("run", "p.yaml", "--json")
            #expect(without.exitCode == 0, "\(without)", sourceLocation: location)
            #expect(
                try without.finished["stages"][named: "waves"]["items"]["cached"].int == 3, sourceLocation: location)
            #expect(
                without.errors.contains("1 of 4 songs failed in waves and are left out"), "\(without.errors)",
                sourceLocation: location)
        }
    }

    @Test func aTruncatedMP3() throws {
        let whole = try project().read("data/audio/1.mp3")
        try expectSentence("The MP3 file ends at byte 20000 after ", whole.prefix(20_000))
    }

    @Test func anMP3OfZeroFrames() throws {
        try expectSentence(
            "The MP3 file (20 bytes) contains no audio frames.", Data("ID3\u{4}\0\0\0\0\0\u{A}0123456789".utf8))
    }

    @Test func aTextNamedMP3() throws {
        try expectSentence(
            "The file contains text, not audio; a download may", Data("<html>404 Not found</html>\n".utf8))
    }

    @Test func anID3TagOfTwoGigabytes() throws {
        // The tag's length has 28 bits; the extended header and frames inside can claim 32.
        let header = Data("ID3".utf8) + [4, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F]
        let frame = Data("APIC".utf8) + [0x7F, 0xFF, 0xFF, 0xFF, 0, 0]
        try expectSentence(
            "The ID3 tag at byte 0 claims 268435455 bytes, but only ", header + frame + Data(count: 5_000))
    }

    @Test func aFrameInATagThatClaimsTwoGigabytesIsJustATag() throws {
        let whole = try project().read("data/audio/1.mp3")
        let frame = Data("APIC".utf8) + [0x7F, 0xFF, 0xFF, 0xFF, 0, 0] + Data(count: 10)
        try run(Data("ID3".utf8) + [3, 0, 0, 0, 0, 0, UInt8(frame.count)] + frame + whole) { run, _ in
            #expect(run.exitCode == 0, "\(run)")
        }
    }

    @Test func nothingAtAll() throws { try expectSentence("The file is empty; copy it again from its source.", Data()) }

    @Test func zeros() throws { try expectSentence("The file is in no supported audio format", Data(count: 3_000)) }

    @Test func aSongShorterThanOneWindow() throws {
        try run(Self.wav([UInt8](repeating: 7, count: 600)), as: "1.wav") { run, project in
            #expect(run.exitCode == 0, "\(run)")
            let table = try project.sentio("artifacts", "export", "table", "--to", "out")
            #expect(table.exitCode == 0)
            #expect(try project.names(in: "out").count == 4)
        }
    }

    @Test func silence() throws {
        try run(Self.wav([UInt8](repeating: 0, count: 88_200)), as: "1.wav") { run, project in
            #expect(run.exitCode == 0, "\(run)")
            try project.sentio("artifacts", "export", "table", "--to", "out")
            #expect(try Self.areFinite(try project.read("out/1.npy")))
            try project.sentio("artifacts", "export", "mels", "--to", "mels")
            #expect(try Self.areFinite(try project.read("mels/1.npy")))
        }
    }

    /// What is odd is said, also when the cache answers.
    @Test func aSongThatIsOddIsReadAndSaid() throws {
        let whole = Array(try project().read("data/audio/1.mp3"))
        // Without the Info frame and truncated in the middle of a frame, so the original length is unknown.
        let second = try #require((4..<whole.count - 1).first { whole[$0] == whole[0] && whole[$0 + 1] == whole[1] })
        try run(Data(whole[second...].dropLast(50))) { run, project in
            #expect(run.exitCode == 0, "\(run)")
            #expect(run.errors.contains("1: The last frame, at byte "), "\(run.errors)")
            let again = try project.sentio("run", "p.yaml", "--json")
            #expect(try again.finished["stages"][named: "waves"]["state"].text == "cached")
            #expect(again.errors.contains("1: The last frame, at byte "), "\(again.errors)")
        }
    }

    @Test func melBandsWithoutABinAreSaid() throws {
        let project = try project()
        try project.write(
            Self.yaml.replacingOccurrences(of: "n_mels: 16", with: "n_mels: 512, n_fft: 512"), to: "p.yaml")
        for _ in 1...2 {
            let run = try project.sentio("run", "p.yaml")
            #expect(run.exitCode == 0 && run.errors.contains("214 of 512 mel bands are empty"), "\(run)")
        }
    }

    @Test func aFolderInPlaceOfASong() throws {
        let project = try project()
        try project.remove("data/audio/1.mp3")
        try FileManager.default.createDirectory(
            atPath: project.path + "/data/audio/1.mp3", withIntermediateDirectories: true)
        let run = try project.sentio("run", "p.yaml")
        #expect(run.exitCode == 0)
        #expect(run.errors.contains("warning: 1 song is rated but without an audio file: 1. Left out."))
        let strict = try project.sentio("run", "p.yaml", "--set", "songs.missing=error")
        #expect(strict.exitCode == 1)
        #expect(strict.errors.contains("Complete the dataset"))
    }

    @Test func aLinkToNowhere() throws {
        let project = try project()
        try project.remove("data/audio/1.mp3")
        try FileManager.default.createSymbolicLink(
            atPath: project.path + "/data/audio/1.mp3", withDestinationPath: "nowhere")
        let run = try project.sentio("run", "p.yaml")
        #expect(run.exitCode == 0)
        #expect(run.errors.contains("1.mp3 is a broken symbolic link (its target nowhere does not exist)"), "\(run)")
        let strict = try project.sentio("run", "p.yaml", "--set", "songs.missing=error")
        #expect(strict.exitCode == 1 && strict.errors.contains("1.mp3 is a broken symbolic link"), "\(strict)")
    }

    @Test(.disabled(if: getuid() == 0, "root reads everything")) func anUnreadableFile() throws {
        let project = try project()
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: project.path + "/data/audio/1.mp3")
        let run = try project.sentio("run", "p.yaml")
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("1.mp3: permission denied"), "\(run)")
    }

    @Test func aPipeIsNotWaitedFor() throws {
        let project = try project()
        try project.shell("rm data/audio/1.mp3; mkfifo data/audio/1.mp3")
        let run = try project.sentio("run", "p.yaml", timeout: 60)
        #expect(run.exitCode == 0 || run.exitCode == 1)
        #expect(
            run.errors.contains("1.mp3") || run.errors.contains("1 song is rated but without an audio file"), "\(run)")
    }

    /// 16-bit mono at 22 050 Hz.
    private static func wav(_ samples: [UInt8]) -> Data {
        func le(_ number: Int, _ bytes: Int) -> Data { Data((0..<bytes).map { UInt8(number >> (8 * $0) & 255) }) }
        // A sum of so many parts takes the compiler longer than it allows itself on a busy machine.
        let format: [Data] = [le(16, 4), le(1, 2), le(1, 2), le(22_050, 4), le(44_100, 4), le(2, 2), le(16, 2)]
        let parts: [Data] =
            [Data("RIFF".utf8), le(36 + samples.count, 4), Data("WAVEfmt ".utf8)] + format
            + [Data("data".utf8), le(samples.count, 4), Data(samples)]
        return parts.reduce(into: Data()) { $0.append($1) }
    }

    /// Whether a `.npy` file of float32 or float64 holds numbers, and only finite ones.
    private static func areFinite(_ file: Data) throws -> Bool {
        let bytes = [UInt8](file)
        try #require(bytes.count > 10)
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        let isWide = String(decoding: bytes[..<start], as: UTF8.self).contains("<f8")
        let width = isWide ? 8 : 4
        let numbers = stride(from: start, to: bytes.count, by: width).map { at -> Double in
            let pattern = (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
            return isWide ? Double(bitPattern: pattern) : Double(Float(bitPattern: UInt32(pattern)))
        }
        return !numbers.isEmpty && numbers.allSatisfy(\.isFinite)
    }
}
