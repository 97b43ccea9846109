import Foundation
import Testing

/// A folder of songs as a stranger might keep it, with real MP3s out of the demo songs.
enum StrangersFolder {
    /// Seven troubles: semicolons, decimal commas, a byte-order mark, columns called `id;v;a`, ids with extension, a
    /// scale from -1 to 1, and the songs beside the table.
    static func make(in project: CommandLineProject, folder: String = "songs") throws {
        let from = try DemoProject.shared()
        try from.sentio("artifacts", "export", "songs.audio", "--to", project.path + "/exported")
        var rows = ["id;v;a"]
        for (index, name) in try project.names(in: "exported").enumerated() {
            try project.write(try project.read("exported/" + name), to: "\(folder)/\(index + 1).mp3")
            let valence = Double(index * 5 % 12) / 10 - 0.55, arousal = 0.8 - Double(index) / 10
            rows.append("\(index + 1).mp3;\(comma(valence));\(comma(arousal))")
        }
        try project.write("\u{FEFF}" + rows.joined(separator: "\r\n") + "\r\n", to: "\(folder)/annotations.csv")
        try project.remove("exported")
    }

    private static func comma(_ number: Double) -> String {
        String(format: "%.2f", number).replacingOccurrences(of: ".", with: ",")
    }
}
