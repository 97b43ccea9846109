import SentioKit

/// Spectrogram images: sheets that stages wrote as PNG files (real and synthetic samples), and those of some scored
/// songs.
enum SheetSection {
    /// Total size of the images on a page, in bytes before base64.
    private static let budget = 1_300_000
    private static let magic: [UInt8] = [0x89, 0x50, 0x4E, 0x47]

    /// Sheets per stage. Of more, a selection spread over training is shown, including the last, which is the final
    /// model.
    private static let mostSheets = 4

    /// - Parameter share: number of runs that share the size budget of the page.
    static func html(_ run: RunReport, songs: [(id: String, words: String)], share: Int = 1) -> String {
        var left = budget / max(1, share), figures: [String] = [], omitted = 0, pictures: [String] = []
        for song in songs {
            guard let bytes = SpectrogramPicture.png(of: song.id, in: run.artifacts), bytes.count <= left / 2 else {
                continue
            }
            left -= bytes.count
            pictures.append(figure(bytes, "\(song.id) (real): \(song.words)"))
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
                    "\(Numerals.count(omitted, "more image")) omitted to limit the size of this page; `artifacts "
                    + "export` writes them to files."
            )
            : ""
        return "<div class=\"sheets\">\(figures.joined())</div>"
            + "<p class=\"dim\">Log-mel spectrograms. x axis: time; y axis: frequency; bright: high level. The colors "
            + "of each image span its own range of values.</p>"
            + note
    }

    /// At most this many of the indices 0..<count, evenly spread and including the last.
    static func spread(_ count: Int, to most: Int) -> [Int] {
        count <= most ? Array(0..<count) : (1...most).map { $0 * count / most - 1 }
    }

    private static func figure(_ png: [UInt8], _ caption: String) -> String {
        "<figure><img alt=\"\(Markup.escaped("Spectrogram: \(caption)"))\" "
            + "src=\"data:image/png;base64,\(Base64.text(png))\">"
            + "<figcaption>\(Markup.escaped(caption))</figcaption></figure>"
    }
}
