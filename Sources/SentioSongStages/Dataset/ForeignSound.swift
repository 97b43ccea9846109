/// Audio in unsupported formats, and how to convert it.
enum ForeignSound {
    /// Extensions of such files.
    static let extensions: Set<String> = [
        "m4a", "m4b", "m4p", "mp4", "aac", "alac", "3gp", "wma", "webm", "weba", "mka", "ape", "wv", "mpc", "amr",
        "ac3", "ra", "tta",
    ]

    /// The unsupported format of a file according to its bytes, as the end of a sentence; nil if they show none.
    static func format(_ bytes: [UInt8]) -> String? {
        func stands(_ text: String, at place: Int) -> Bool { bytes.dropFirst(place).starts(with: text.utf8) }
        if stands("ftyp", at: 4) { return "an MP4 file with AAC or ALAC audio (M4A)" }
        // ADTS: twelve bits of one and a layer of zero.
        if bytes.count > 7, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 { return "AAC audio" }
        if bytes.starts(with: [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) { return "a Windows Media file (WMA)" }
        if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return "a Matroska or WebM file" }
        if stands("MAC ", at: 0) { return "a Monkey's Audio file" }
        if stands("wvpk", at: 0) { return "a WavPack file" }
        if stands("#!AMR", at: 0) { return "an AMR file" }
        return nil
    }

    /// That a file is in an unsupported format, and how to convert it; nil if its bytes show none.
    /// - parameter file: its name or path.
    static func sentence(_ bytes: [UInt8], file: String) -> String? {
        format(bytes).map {
            "Whatever its name, the file is \($0), which is not supported. Convert it and delete the original: "
                + "`ffmpeg -i '\(file)' '\(stem(file)).flac'`."
        }
    }

    /// How to convert files to a supported format.
    /// - parameter files: paths; not empty.
    static func cure(_ files: [String]) -> String {
        guard files.count > 1 else { return "Convert it: `ffmpeg -i '\(files[0])' '\(stem(files[0])).flac'`." }
        let folder = files[0].lastIndex(of: "/").map { String(files[0][...$0]) } ?? ""
        let kinds = Set(files.map { $0[stem($0).endIndex...] }).sorted().map { "'\(folder)'*\($0)" }
        return "Convert them: `for f in \(kinds.joined(separator: " ")); do ffmpeg -i \"$f\" \"${f%.*}.flac\"; done`."
    }

    private static func stem(_ path: String) -> Substring {
        guard let dot = path.lastIndex(of: "."), dot > (path.lastIndex(of: "/") ?? path.startIndex) else {
            return path[...]
        }
        return path[..<dot]
    }
}
