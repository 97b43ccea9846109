import ArgumentParser
import SentioKit

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a pipeline file, for editors that check and complete YAML.",
        discussion: """
            It knows the kinds of this binary. In an editor with a YAML language server, let a pipeline file begin with:
            # yaml-language-server: $schema=sentio.schema.json
            """)

    func run() throws { Output.line(JSON.text(PipelineSchema(registry: KnownKinds.registry).value)) }
}
