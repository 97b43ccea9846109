import ArgumentParser
import SentioKit
import SentioSpec

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show every value after `extends`, profiles, --set and `${}` have been applied.",
        discussion: "Exit codes: 0 done, 3 invalid pipeline, 64 usage.")

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var format: FormatOptions

    @Flag(name: .long, help: "Include defaults, not only values from a file or the command line.")
    var resolved = false

    @Flag(name: .long, help: "Show the file and line that each value came from.")
    var origin = false

    func run() throws {
        let values = try pipeline.load(json: format.json).resolvedValues.filter { resolved || $0.origin != "default" }
        if format.json {
            return Output.json([
                "schema": 1,
                "values": .list(
                    values.map { ["path": .string($0.path), "value": $0.value, "origin": .string($0.origin)] }),
            ])
        }
        let texts = values.map { "\($0.path): \(JSON.text($0.value))" }
        let width = min(texts.map(\.count).max() ?? 0, 70)
        for (value, text) in zip(values, texts) {
            Output.line(
                origin ? text + String(repeating: " ", count: max(0, width - text.count)) + "  # " + value.origin : text
            )
        }
    }
}
