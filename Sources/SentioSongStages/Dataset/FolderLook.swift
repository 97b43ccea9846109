import SentioBase
import SentioKit

/// What else is in a dataset's folder, for messages about what is missing there. None of it affects a result, so none
/// of it is a source.
struct FolderLook {
    /// As it is named in messages.
    let folder: String
    private let path: String

    init(_ folder: String, _ context: StageContext) {
        self.folder = folder
        path = folder.hasPrefix("/") ? folder : context.workingDirectory + "/" + folder
    }

    /// Names with one of these extensions, in byte order; none where the folder cannot be listed.
    /// - parameter place: below the folder, `audio`; empty: the folder itself.
    func files(_ extensions: Set<String>, in place: String = "") -> [String] {
        names(in: place).filter { extensions.contains(AudioFileIndex.fileExtension($0)) }
    }

    /// Where the dataset's folder has audio files outside their own folder.
    /// - parameter place: their own folder, `audio/`.
    func misplacedSongs(_ place: String) -> String {
        let here = files(DatasetLayout.audioExtensions)
        if let first = here.first {
            return here.count == 1
                ? " There is an audio file in \(folder) itself, \(first); move it into \(place)."
                : " There are \(here.count) audio files in \(folder) itself, such as \(first); move them into \(place)."
        }
        let others = names(in: "").prefix(1000).filter { FileKind.at("\(path)/\($0)") == .folder }.map { name in
            (name: name, count: files(DatasetLayout.audioExtensions, in: name).count)
        }
        guard let other = others.max(by: { $0.count < $1.count }), other.count > 0 else { return "" }
        return
            " There \(other.count == 1 ? "is" : "are") \(NumberText.count(other.count, "audio file")) in its folder "
            + "\(other.name)/; rename that folder to \(place)."
    }

    /// Which files of the songs' folder are audio in an unsupported format; empty if there are none.
    /// - parameter songs: the ids to look for; nil: all.
    /// - parameter place: the folder of the songs.
    func unreadSongs(_ songs: [String]? = nil, in place: String) -> String {
        let wanted = songs.map(Set.init)
        let found = files(ForeignSound.extensions, in: place).filter { name in
            wanted?.contains(AudioFileIndex.stem(name)) ?? true
        }
        guard let first = found.first else { return "" }
        let base = [folder, place].filter { !$0.isEmpty }.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
            .joined(separator: "/")
        let kinds = Set(found.map { AudioFileIndex.fileExtension($0).uppercased() }).sorted().joined(separator: ", ")
        let what =
            found.count == 1
            ? "\(first) is there, but \(kinds) is not supported."
            : "\(found.count) files such as \(first) are there, but \(kinds) \(kinds.contains(",") ? "are" : "is") "
                + "not supported."
        return " \(what) \(ForeignSound.cure(found.map { "\(base)/\($0)" }))"
    }

    /// A table that may be the missing one: ` There is a ratings.csv; …`; empty if there is none.
    /// - parameter others: tables with another purpose.
    func similarTable(to name: String, others: Set<String>) -> String {
        let tables = files(["csv", "tsv", "txt", "xlsx", "ods"]).filter { !others.contains($0) }
        guard let found = Suggestion.nearest(to: name, among: tables) ?? (tables.count == 1 ? tables[0] : nil) else {
            return ""
        }
        return
            " There is a \(found); if that is the table, "
            + "\(["xlsx", "ods"].contains(AudioFileIndex.fileExtension(found)) ? "export" : "rename") it to "
            + "\(name)."
    }

    /// The names in a folder, except hidden ones.
    private func names(in place: String) -> [String] {
        let names = (try? FolderListing.names(in: place.isEmpty ? path : path + "/" + place)) ?? []
        return names.map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasPrefix(".") }
    }
}
