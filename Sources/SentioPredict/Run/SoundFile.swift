import Foundation
import SentioBase
import SentioKit
import SentioSongStages

/// A sound file to rate.
public struct SoundFile: Sendable, Equatable {
    /// As the user named it, or found below a folder that the user named.
    public let path: String
    /// Names the song in the pipeline.
    public let id: String

    /// A file with an id that no other file has.
    public init(path: String, id: String) {
        self.path = path
        self.id = id
    }

    /// The files that arguments name: files themselves, and all sound files below folders, in byte order.
    /// - Returns: the files, each once, and arguments at which there is nothing to rate, with a sentence.
    public static func files(_ arguments: [String]) -> (
        files: [SoundFile], problems: [(path: String, sentence: String)]
    ) {
        var paths: [String] = [], problems: [(path: String, sentence: String)] = []
        for argument in arguments {
            if Paths.isDirectory(argument) {
                let found = soundFiles(below: argument)
                if found.isEmpty {
                    let known = DatasetLayout.audioExtensions.sorted().joined(separator: ", ")
                    problems.append((argument, "there is no sound file in this folder (\(known))"))
                }
                paths += found
            } else if Paths.exists(argument) {
                paths.append(argument)
            } else {
                problems.append((argument, "there is no such file"))
            }
        }
        var seen: Set<String> = [], ids: Set<String> = [], files: [SoundFile] = []
        for path in paths where seen.insert(Paths.real(path)).inserted {
            let stem = AudioFileIndex.stem(path), plain = SongID.problem(stem) == nil ? stem : "song"
            var id = plain, number = 2
            while !ids.insert(id).inserted {
                id = "\(plain)~\(number)"
                number += 1
            }
            files.append(SoundFile(path: path, id: id))
        }
        return (files, problems)
    }

    private static func soundFiles(below folder: String) -> [String] {
        let root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let names = (FileManager.default.enumerator(atPath: root)?.allObjects ?? []).compactMap { $0 as? String }
        return names.filter { name in
            let last = Paths.name(of: name)
            return !last.hasPrefix(".") && DatasetLayout.audioExtensions.contains(AudioFileIndex.fileExtension(last))
                && !Paths.isDirectory(root + "/" + name)
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { root + "/" + $0 }
    }
}
