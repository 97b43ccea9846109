/// Folders of a module do not use each other in circles: what is used by many lies below them.
///
/// An arrow goes from a folder to the one that declares a type which it names. Files that lie in a module's own folder
/// count as one folder, `.`. Only types declared at the top level of a file count, and not where the folder has a type
/// of its own by that name.
enum FolderRule {
    /// Types that are called like one of Swift's: naming them proves nothing.
    static let ambiguous: Set<String> = ["Collection"]

    /// The circles of a module, each with the folders in it and an example of every arrow between them.
    static func findings(in files: [SourceFile]) -> [Finding] {
        let arrows = arrows(in: files)
        var reached: [String: Set<String>] = [:]
        for folder in Set(files.map(folder)) { reached[folder] = reachable(from: folder, arrows) }
        var findings: [Finding] = [], done: Set<String> = []
        for folder in reached.keys.sorted() where !done.contains(folder) {
            let circle = reached.keys.filter {
                reached[folder]?.contains($0) == true && reached[$0]?.contains(folder) == true
            }.sorted()
            guard circle.count > 1 else { continue }
            done.formUnion(circle)
            for from in circle {
                for to in circle where from != to {
                    guard let example = arrows[from]?[to] else { continue }
                    findings.append(
                        Finding(
                            file: example.path, line: 1,
                            sentence:
                                "\(from) uses \(to) (\(example.type)), in a circle of \(circle.joined(separator: ", "))"
                        ))
                }
            }
        }
        return findings
    }

    /// `Store` for `Sources/SentioEngine/Store/Files.swift`, `.` for `Sources/SentioEngine/A.swift`.
    static func folder(of file: SourceFile) -> String {
        let parts = file.path.split(separator: "/")
        return parts.count > 3 ? String(parts[2]) : "."
    }

    private static func arrows(in files: [SourceFile]) -> [String: [String: (path: String, type: String)]] {
        var owners: [String: Set<String>] = [:], own: [String: Set<String>] = [:]
        var words: [(file: SourceFile, words: Set<String>)] = []
        for file in files {
            let folder = folder(of: file), code = SwiftText(file.text).codeLines
            for line in code {
                guard let declared = declaredType(in: line) else { continue }
                own[folder, default: []].insert(declared.name)
                if declared.isTopLevel { owners[declared.name, default: []].insert(folder) }
            }
            words.append((file, Set(code.flatMap(names))))
        }
        var arrows: [String: [String: (path: String, type: String)]] = [:]
        for (file, words) in words {
            let from = folder(of: file)
            for word in words.sorted() where !ambiguous.contains(word) && own[from]?.contains(word) != true {
                for to in owners[word] ?? [] where arrows[from]?[to] == nil {
                    arrows[from, default: [:]][to] = (file.path, word)
                }
            }
        }
        return arrows
    }

    private static func reachable(from folder: String, _ arrows: [String: [String: (path: String, type: String)]])
        -> Set<String>
    {
        var found: Set<String> = [], waiting = [folder]
        while let next = waiting.popLast() {
            for other in (arrows[next] ?? [:]).keys where found.insert(other).inserted { waiting.append(other) }
        }
        return found
    }

    private static func declaredType(in line: some StringProtocol) -> (name: String, isTopLevel: Bool)? {
        let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "@" }
        guard let place = words.firstIndex(where: { kinds.contains(String($0)) }),
            words[..<place].allSatisfy({ modifiers.contains(String($0)) }),
            place + 1 < words.endIndex, words[place + 1].first?.isUppercase == true
        else { return nil }
        let isPrivate = words[..<place].contains { $0 == "private" || $0 == "fileprivate" }
        return (String(words[place + 1]), line.first != " " && !isPrivate)
    }

    private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    private static let modifiers: Set<String> = [
        "public", "package", "internal", "private", "fileprivate", "final", "indirect", "nonisolated", "@unchecked",
        "@frozen",
    ]

    /// Words that may be types.
    private static func names(in line: some StringProtocol) -> [String] {
        let words = line.split(whereSeparator: { (letter: Character) in
            !letter.isLetter && !letter.isNumber && letter != "_"
        })
        return words.filter { $0.first?.isUppercase == true }.map { String($0) }
    }
}
