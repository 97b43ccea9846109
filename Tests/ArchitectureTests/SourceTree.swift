import Foundation

/// One text file of the package.
struct SourceFile: Sendable {
    /// Relative to the package's root: `Sources/SentioKit/Values/Value.swift`.
    let path: String
    let text: String

    /// `SentioKit` for `Sources/SentioKit/…`.
    var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    /// `Value.swift`.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var isSwift: Bool { path.hasSuffix(".swift") }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// The package on disk, found from where this file lies.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift, C and header file below a folder of the package.
    static func files(below folder: String) throws -> [SourceFile] {
        let start = root.appendingPathComponent(folder).resolvingSymlinksInPath().path
        guard let walk = FileManager.default.enumerator(atPath: start) else { return [] }
        return try walk.compactMap { $0 as? String }.sorted().filter { path in
            [".swift", ".c", ".h"].contains { path.hasSuffix($0) }
        }.map { path in
            SourceFile(path: "\(folder)/\(path)", text: try String(contentsOfFile: "\(start)/\(path)", encoding: .utf8))
        }
    }
}

/// Something that breaks a rule, and where.
struct Finding: Equatable, Sendable, CustomStringConvertible {
    let file: String
    let line: Int
    let sentence: String
    var description: String { "\(file):\(line): \(sentence)" }
}
