import Testing

/// `graph`: the same edges in three notations.
@Suite struct GraphCommandTests {
    @Test func text() throws {
        let graph = try DemoProject.shared().sentio("graph", "p.yaml")
        #expect(graph.exitCode == 0)
        #expect(graph.lines.first == "songs  song-dataset")
        #expect(graph.lines.last == "score  evaluate  <- ridge, songs, split")
        #expect(graph.lines.count == 7)
    }

    @Test func mermaid() throws {
        let graph = try DemoProject.shared().sentio("graph", "p.yaml", "--format", "mermaid")
        #expect(graph.lines.first == "flowchart LR")
        #expect(graph.lines.contains("  s0[\"songs<br/><small>song-dataset</small>\"]"))
        #expect(graph.lines.contains("  s0 -->|audio| s1"))
        #expect(graph.lines.count { $0.contains("-->") } == 10)
    }

    @Test func dot() throws {
        let graph = try DemoProject.shared().sentio("graph", "p.yaml", "--format", "dot")
        #expect(graph.lines.first == "digraph pipeline {" && graph.lines.last == "}")
        #expect(graph.lines.contains("  \"waves\" -> \"mels\" [label=\"waveforms\"];"))
        #expect(graph.lines.count { $0.contains("->") } == 10)
    }

    @Test func anUnknownFormatIsUsage() throws {
        #expect(try DemoProject.shared().sentio("graph", "p.yaml", "--format", "svg").exitCode == 64)
    }
}
