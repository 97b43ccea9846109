import ArgumentParser
import SentioEngine
import SentioKit

struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Show the stages and how they hang together.",
        discussion: "Exit codes: 0 done, 3 invalid pipeline, 64 usage.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, mermaid, dot }

    @OptionGroup var pipeline: PipelineOptions

    @Option(name: .long, help: "text, mermaid or dot (Graphviz).")
    var format = Format.text

    func run() throws {
        let graph = try pipeline.load().graph
        switch format {
        case .text:
            let width = graph.nodes.map(\.name.count).max() ?? 0
            for node in graph.nodes {
                let name = node.name + String(repeating: " ", count: width - node.name.count)
                let after = node.dependencies.isEmpty ? "" : "  <- " + node.dependencies.joined(separator: ", ")
                Output.line("\(name)  \(node.kind)\(after)")
            }
        case .mermaid:
            Output.line("flowchart LR")
            let identifiers = Dictionary(
                graph.nodes.enumerated().map { ($0.element.name, "s\($0.offset)") }, uniquingKeysWith: { first, _ in first })
            for node in graph.nodes { Output.line("  \(identifiers[node.name] ?? "")[\"\(node.name)<br/><small>\(node.kind)</small>\"]") }
            for (node, edge) in edges(graph) {
                Output.line("  \(identifiers[edge.producer] ?? "") -->|\(edge.label)| \(identifiers[node] ?? "")")
            }
        case .dot:
            Output.line("digraph pipeline {\n  rankdir=LR; node [shape=box, style=rounded, fontname=\"sans-serif\"];")
            for node in graph.nodes { Output.line("  \"\(node.name)\" [label=\"\(node.name)\\n\(node.kind)\"];") }
            for (node, edge) in edges(graph) { Output.line("  \"\(edge.producer)\" -> \"\(node)\" [label=\"\(edge.label)\"];") }
            Output.line("}")
        }
    }

    private func edges(_ graph: StageGraph) -> [(String, (producer: String, label: String))] {
        graph.nodes.flatMap { node in
            let wired = node.inputs.map { (node.name, (producer: $0.producer, label: $0.output.name)) }
            return wired + node.fileProducers.map { (node.name, (producer: $0, label: "files")) }
        }
    }
}
