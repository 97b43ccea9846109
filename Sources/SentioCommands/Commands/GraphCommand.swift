import ArgumentParser
import SentioKit
import SentioSpec

struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Show the stages and their dependencies.",
        discussion: "Exit codes: 0 done, 3 invalid pipeline, 64 usage.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, mermaid, dot }

    @OptionGroup var pipeline: PipelineOptions

    @Option(name: .long, help: "Output format: text, mermaid or dot (Graphviz).")
    var format = Format.text

    @Flag(name: .long, help: "Show every copy of a group's stages separately.")
    var expand = false

    /// A node of the drawing: a stage, or all copies of one.
    private struct Shape {
        let name: String
        let kind: String
        var edges: [(producer: String, label: String)] = []
    }

    func run() throws {
        let shapes = shapes(try pipeline.load().graph)
        switch format {
        case .text:
            let width = shapes.map(\.name.count).max() ?? 0
            for shape in shapes {
                let name = shape.name + String(repeating: " ", count: width - shape.name.count)
                let before = Set(shape.edges.map(\.producer)).sorted()
                Output.line("\(name)  \(shape.kind)\(before.isEmpty ? "" : "  <- " + before.joined(separator: ", "))")
            }
        case .mermaid:
            Output.line("flowchart LR")
            let identifiers = Dictionary(
                shapes.enumerated().map { ($0.element.name, "s\($0.offset)") }, uniquingKeysWith: { first, _ in first })
            for shape in shapes {
                Output.line("  \(identifiers[shape.name] ?? "")[\"\(shape.name)<br/><small>\(shape.kind)</small>\"]")
            }
            for shape in shapes {
                for edge in shape.edges {
                    Output.line(
                        "  \(identifiers[edge.producer] ?? "") -->|\(edge.label)| \(identifiers[shape.name] ?? "")")
                }
            }
        case .dot:
            Output.line("digraph pipeline {\n  rankdir=LR; node [shape=box, style=rounded, fontname=\"sans-serif\"];")
            for shape in shapes { Output.line("  \"\(shape.name)\" [label=\"\(shape.name)\\n\(shape.kind)\"];") }
            for shape in shapes {
                for edge in shape.edges {
                    Output.line("  \"\(edge.producer)\" -> \"\(shape.name)\" [label=\"\(edge.label)\"];")
                }
            }
            Output.line("}")
        }
    }

    private func shapes(_ graph: StageGraph) -> [Shape] {
        let rows = expand ? Rows([]) : Rows(graph.nodes.map(\.name), graph)
        return rows.collapse(graph.nodes, name: \.name).map { row, nodes in
            var shape = Shape(name: row, kind: nodes[0].kind), seen: Set<String> = []
            for node in nodes {
                let edges = node.inputs.map { (producer: rows.row(of: $0.producer), label: $0.output.name) }
                for edge in edges + node.fileProducers.map({ (producer: rows.row(of: $0), label: "files") })
                where seen.insert("\(edge.producer) \(edge.label)").inserted {
                    shape.edges.append(edge)
                }
            }
            return shape
        }
    }
}
