import SentioKit

/// Pictures of spectrograms: sheets that stages left as PNG files (real beside synthetic), and those of some scored songs.
enum SheetSection {
    /// All pictures of a page together, in bytes before base64.
    private static let budget = 1_300_000
    private static let magic: [UInt8] = [0x89, 0x50, 0x4E, 0x47]

    static func html(_ run: RunReport, songs: [(id: String, words: String)]) -> String {
        var left = budget, figures: [String] = [], omitted = 0
        for output in run.artifacts.outputs where output.manifest.form == .files {
            for entry in output.manifest.entries where entry.file.hasSuffix(".png") {
                guard entry.blob.size <= left, let bytes = try? run.artifacts.source.read(entry.blob), Array(bytes.prefix(4)) == magic
                else {
                    omitted += 1
                    continue
                }
                left -= bytes.count
                figures.append(figure(bytes, "\(output.stage): \(entry.file)"))
            }
        }
        for song in songs {
            guard let bytes = SpectrogramPicture.png(of: song.id, in: run.artifacts), bytes.count <= left else { continue }
            left -= bytes.count
            figures.append(figure(bytes, "\(song.id), real: \(song.words)"))
        }
        if figures.isEmpty { return "" }
        let note =
            omitted > 0
            ? Markup.element("p", text: "\(Numerals.count(omitted, "picture")) too large for this page; `artifacts export` gives them.")
            : ""
        return "<div class=\"sheets\">\(figures.joined())</div>"
            + "<p class=\"dim\">Log-mel spectrograms: time runs across, frequency upwards, loud is bright; each from its own lowest to its highest value.</p>"
            + note
    }

    private static func figure(_ png: [UInt8], _ caption: String) -> String {
        "<figure><img alt=\"\(Markup.escaped("Spectrogram: \(caption)"))\" src=\"data:image/png;base64,\(Base64.text(png))\"><figcaption>\(Markup.escaped(caption))</figcaption></figure>"
    }
}
