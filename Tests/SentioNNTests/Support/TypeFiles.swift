import Foundation

/// Files of the module, for tests that compare them with a list of types.
enum TypeFiles {
    /// Names of the files in `Sources/SentioNN/FOLDER` that end with `ending`.
    static func names(in folder: String, ending: String) throws -> [String] {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Sources/SentioNN")
        return try FileManager.default.contentsOfDirectory(atPath: sources.appending(path: folder).path)
            .filter { $0.hasSuffix(ending + ".swift") }
            .map { String($0.dropLast(".swift".count)) }
            .sorted()
    }
}
