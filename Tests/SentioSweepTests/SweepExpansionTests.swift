import SentioKit
import SentioSpec
import Testing

@testable import SentioSweep
@testable import SentioToys

/// Which cells a `sweep:` block means.
@Suite struct SweepExpansionTests {
    private static let file = """
        pipeline: toy
        seed: 7
        params: { text: x, other: 1, idle: 0 }
        stages:
          a: { uses: toy-constant, with: { text: "${text}" } }
          b: { uses: toy-measure, with: { factor: "${other}", other: 2.5 } }
          r: { uses: toy-random }

        """

    private func sweep(_ block: String, _ configure: (inout SweepOptions) -> Void = { _ in }) throws -> Sweep {
        let project = try PipelineFolder()
        try project.write(Self.file + block, to: "p.yaml")
        var options = LoadOptions()
        configure(&options.sweep)
        return try Sweep(path: project.path + "/p.yaml", options: options, registry: Toys.registry)
    }

    private func labels(_ block: String, _ configure: (inout SweepOptions) -> Void = { _ in }) throws -> [String] {
        let sweep = try sweep(block, configure)
        return sweep.cells.map { $0.label(replicates: sweep.spec.replicates.count) }
    }

    @Test func aGridIsInTheOrderOfTheFileAndReplicatesComeAfterIt() throws {
        #expect(
            try labels("sweep: { parameters: { text: { values: [u, v] }, b.other: { values: [1, 0.5] } } }") == [
                "text=u,b.other=1", "text=u,b.other=0.5", "text=v,b.other=1", "text=v,b.other=0.5",
            ])
        #expect(
            try labels("sweep: { parameters: { text: { values: [u, v] } }, replicates: 2 }") == [
                "text=u #0", "text=v #0", "text=u #1", "text=v #1",
            ])
        #expect(try labels("sweep: { replicates: { count: 2, seeds: [r] } }") == ["#0", "#1"])
    }

    @Test func valuesReachTheStagesWithTheirTypes() throws {
        let sweep = try sweep("sweep: { parameters: { text: { values: [\"1\", v] }, b.factor: { values: [3] } } }")
        #expect(sweep.pipeline(at: 0).graph["a"]?.configuration.values["text"] == "1")
        #expect(sweep.pipeline(at: 1).graph["b"]?.configuration.values["factor"]?.double == 3)
        #expect(sweep.pipeline(at: 1).graph["b"]?.parameterOrigins["factor"]?.hasSuffix("p.yaml:8, sweep") == true)
        #expect(sweep.pipeline(at: 0).params.first { $0.name == "text" }?.origin.hasSuffix("p.yaml:8, sweep") == true)
    }

    @Test func theCommandLineReplacesAndAdds() throws {
        let block = "sweep: { parameters: { text: { values: [u, v] } }, replicates: { count: 3, seeds: [r] } }"
        let sweep = try sweep(block) {
            $0.matrix = ["text=w,\"x,y\"", "other=1,2"]
            $0.replicates = 1
        }
        #expect(
            sweep.cells.map(\.arm) == [
                "text=w,other=1", "text=w,other=2", "text=\"x,y\",other=1", "text=\"x,y\",other=2",
            ])
        #expect(sweep.replicated == ["r"], "the file's seeds stay")
        #expect(try labels("") { $0.matrix = ["other=[1, 2]"] } == ["other=1", "other=2"])
    }

    @Test func aListIsWhatItLists() throws {
        #expect(
            try labels("sweep: { cells: [{ text: u, other: 1 }, { other: 2, text: v }] }") == [
                "text=u,other=1", "text=v,other=2",
            ])
    }

    @Test(arguments: ["random", "sobol"])
    func drawingMoreKeepsTheFirst(_ method: String) throws {
        func arms(_ cap: Int, seed: Int = 1) throws -> [String] {
            try sweep(
                "sweep: { method: \(method), run_cap: \(cap), seed: \(seed), parameters: { other: { min: 0.001, max: 10, distribution: log_uniform }, text: { values: [u, v] } } }"
            ).cells.map(\.arm)
        }
        let few = try arms(5), many = try arms(16)
        #expect(Array(many.prefix(5)) == few && Set(many).count == 16)
        #expect(try arms(5, seed: 2) != few)
        // Pinned: another program version must find the cells of this one.
        let pinned = [
            "random": ["0.00247383,text=v", "0.396435,text=v"], "sobol": ["0.0121225,text=u", "0.00121225,text=v"],
        ]
        #expect(try arms(3) == (["1.21225,text=v"] + (pinned[method] ?? [])).map { "other=\($0)" })
        #expect(many.count { $0.hasSuffix("text=u") } > 3 && many.count { $0.hasSuffix("text=v") } > 3)
    }

    @Test func rangesGiveWhatTheySay() throws {
        func values(_ range: String) throws -> [Double] {
            try sweep("sweep: { method: sobol, run_cap: 64, parameters: { other: { \(range) } } }").cells.compactMap {
                $0.parameters[0].value.double
            }
        }
        let logarithmic = try values("min: 0.01, max: 100, distribution: log_uniform_values")
        #expect(logarithmic.count { $0 < 1 } == 32 && logarithmic.allSatisfy { (0.01...100).contains($0) })
        #expect(Set(try values("min: 1, max: 4")) == [1, 2, 3, 4], "whole numbers, each once")
        #expect(Set(try values("min: 0.0, max: 1.0, distribution: q_uniform, q: 0.25")) == [0, 0.25, 0.5, 0.75, 1])
        let uniform = try values("min: -1.0, max: 1.0")
        #expect(uniform.count { $0 < 0 } == 32)
    }

    @Test func aSweepIsTheSameWhateverItsValues() throws {
        let id = try sweep("sweep: { parameters: { text: { values: [u, v] } } }").id
        #expect(id.hasPrefix("toy-"))
        #expect(try sweep("sweep: { parameters: { text: { values: [u, v, w] } }, replicates: 3 }").id == id)
        #expect(try sweep("sweep: { parameters: { other: { values: [1, 2] } } }").id != id)
        #expect(try sweep("sweep: { name: mine, parameters: { text: { values: [u] } } }").id.hasPrefix("mine-"))
    }

    @Test func whatChangesNothingIsSaid() throws {
        func warnings(_ block: String) throws -> [String] { try sweep(block).warnings.map(\.sentence) }
        let idle = "sweep: { parameters: { idle: { values: [1, 2] }, other: { values: [1, 2] } } }"
        let errors = #expect(throws: PipelineErrors.self) { try sweep(idle) }
        #expect(
            errors?.diagnostics.map(\.sentence) == ["Sweep: no stage uses `idle`, so all its cells would be equal."])
        #expect(
            try warnings("sweep: { replicates: { count: 2, seeds: [a] } }") == [
                "Replicates change nothing: none of the stages under `seeds` draws random numbers."
            ])
        #expect(try warnings("sweep: { replicates: 2 }") == [])
        #expect(
            try warnings("sweep: { method: random, run_cap: 9, parameters: { text: { values: [u, v] } } }") == [
                "There are only 2 different settings to draw; `run_cap` is 9."
            ])
    }

    @Test func thousandsOfCellsNeedAWord() throws {
        let block =
            "sweep: { parameters: { other: { values: [\((1...40).map(String.init).joined(separator: ", "))] } }, replicates: 30 }"
        #expect(try sweep(block).needsConfirmation)
        #expect(try !sweep(block) { $0.runCap = 40 }.needsConfirmation)
    }
}
