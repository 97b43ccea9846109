import ArgumentParser
import SentioKit

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of pipeline files, for editors that validate and complete YAML.",
        discussion: """
            It covers the kinds of this binary. For a YAML language server, begin a pipeline file with:
            # yaml-language-server: $schema=sentio.schema.json
            """)

    func run() throws { Output.line(JSON.text(PipelineSchema(registry: KnownKinds.registry).value)) }
}
