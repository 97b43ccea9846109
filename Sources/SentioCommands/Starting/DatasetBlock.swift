import SentioKit

/// The stage that reads an examined folder, as lines of a pipeline file.
struct DatasetBlock {
    /// The name of the kind.
    let kind: String
    /// The folder as the pipeline file names it.
    let source: String
    let settings: [DatasetInspection.Setting]

    /// The value of `source:`. The bare word `demo` would stand for generated songs.
    private var path: String { source == "demo" ? "./demo" : source }

    /// - Parameter indent: spaces before each line.
    func lines(indent: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indent)
        let parameters = [DatasetInspection.Setting("source", .string(path))] + settings
        return
            ["songs:", "  uses: \(kind)", "  with:"].map { margin + $0 }
            + parameters.map { "\(margin)    \($0.name): \(YAMLText.of($0.value))" }
    }
}
