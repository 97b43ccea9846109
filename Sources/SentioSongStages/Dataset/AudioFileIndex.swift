import SentioKit

/// Audio files by song id, which is the file name without its extension.
package struct AudioFileIndex {
    private(set) var files: [String: SourceFile] = [:]

    /// - parameter faults: collects the songs that have two files.
    init(_ sources: [SourceFile], _ faults: inout DatasetFaults) {
        var twice: [String] = []
        for file in sources {
            let id = Self.stem(file.name)
            guard !id.isEmpty else { continue }
            if let other = files[id] {
                twice.append(
                    "Song \(id) has two audio files, \(other.path) and \(file.path). Remove one of them."
                )
            } else {
                files[id] = file
            }
        }
        faults.add(twice)
    }

    /// What is wrong with names that have no file behind them, by the song that they stand for.
    static func reasons(_ leftOut: [LeftOutFile]) -> [String: String] {
        Dictionary(leftOut.map { (stem($0.name), $0.sentence) }, uniquingKeysWith: { first, _ in first })
    }

    /// `sub/12.mp3` is song 12; hidden files (`._12.mp3`, `.mp3`) are no songs.
    package static func stem(_ name: String) -> String {
        let last = name.split(separator: "/").last ?? ""
        guard !last.hasPrefix("."), let dot = last.lastIndex(of: ".") else { return "" }
        return String(last[..<dot])
    }

    /// The extension in lower case, without dot.
    package static func fileExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}
