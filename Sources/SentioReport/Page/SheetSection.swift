import SentioKit

/// Pictures of spectrograms: sheets that stages left as PNG files (real beside synthetic), and those of some scored
/// songs.
enum SheetSection {
    /// All pictures of a page together, in bytes before base64.
    private static let budget = 1_300_000
    private static let magic: [UInt8] = [0x89, 0x50, 0x4E, 0x47]

    /// Sheets of one stage; of many, those spread over its time with the last one, which shows what was used.
    private static let mostSheets = 4

    /// - parameter share: so many runs share the page's bytes.
    static func html(_ run: RunReport, songs: [(id: String, words: String)], share: Int = 1) -> String {
        var left = budget / max(1, share), figures: [String] = [], omitted = 0, pictures: [String] = []
        for song in songs {
            guard let bytes = SpectrogramPicture.png(of: song.id, in: run.artifacts), bytes.count <= left / 2 else {
                continue
            }
            left -= bytes.count
            pictures.append(figure(bytes, "\(song.id), real: \(song.words)"))
        }
        for output in run.artifacts.outputs where output.manifest.form == .files {
            let entries = output.manifest.entries.filter { $0.file.hasSuffix(".png") }
            var sheets: [String] = []
            for place in spread(entries.count, to: mostSheets).reversed() {
                let entry = entries[place]
                guard entry.blob.size <= left, let bytes = try? run.artifacts.source.read(entry.blob),
                    Array(bytes.prefix(4)) == magic
                else {
                    continue
                }
                left -= bytes.count
                sheets.insert(figure(bytes, "\(output.stage): \(entry.file)"), at: 0)
            }
            omitted += entries.count - sheets.count
            figures += sheets
        }
        figures += pictures
        if figures.isEmpty { return "" }
        let note =
            omitted > 0
            ? Markup.element(
                "p",
                text:
                    "\(Numerals.count(omitted, "more picture")) left out to keep this page small; `artifacts export` "
                    + "gives them."
            )
            : ""
        return "<div class=\"sheets\">\(figures.joined())</div>"
            + "<p class=\"dim\">Log-mel spectrograms: time runs across, frequency upwards, loud is bright; each from "
            + "its own lowest to its highest value.</p>"
            + note
    }

    /// So many of the places 0 ..< count, evenly spread, the last one among them.
    static func spread(_ count: Int, to most: Int) -> [Int] {
        count <= most ? Array(0..<count) : (1...most).map { $0 * count / most - 1 }
    }

    private static func figure(_ png: [UInt8], _ caption: String) -> String {
        "<figure><img alt=\"\(Markup.escaped("Spectrogram: \(caption)"))\" "
            + "src=\"data:image/png;base64,\(Base64.text(png))\">"
            + "<figcaption>\(Markup.escaped(caption))</figcaption></figure>"
    }
}
