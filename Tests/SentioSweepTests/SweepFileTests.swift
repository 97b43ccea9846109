import SentioKit
import SentioSpec
import SentioSweep
import Testing

@testable import SentioToys

/// What a sweep takes from the file around its block.
@Suite struct SweepFileTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private static let overridden = """
        params: { train: { lr: 0.1, epochs: 2 }, sizes: [64, 128], idle: 3, via: "${hidden}", hidden: 4 }
        stages:
          s: { uses: toy-constant, with: { text: "${train.lr} ${sizes.0} ${sizes.1} ${via}" } }
          m: { uses: toy-measure, with: { factor: "${train.epochs}" } }

        """

    @Test func aSweepOverNothingIsAnError() throws {
        func sentences(_ block: String, _ matrix: String...) throws -> [String] {
            try project.write(Self.overridden + block, to: "p.yaml")
            var options = LoadOptions()
            options.sweep.matrix = matrix
            do {
                _ = try Sweep(path: project.path + "/p.yaml", options: options, registry: Toys.registry)
                return []
            } catch let errors as PipelineErrors { return errors.diagnostics.map(\.sentence) }
        }
        #expect(
            try sentences("", "train.lrr=0.1,1,10") == [
                "--matrix train.lrr=0.1,1,10: Sweep: `train` has no key `lrr`. Did you mean `train.lr`? It has lr, epochs."
            ])
        #expect(
            try sentences("", "idle=1,2") == [
                "--matrix idle=1,2: Sweep: no stage uses `idle`, so all its cells would be equal."
            ])
        #expect(
            try sentences("sweep: { parameters: { sizes.7: { values: [1] } } }\n")[0].contains("it has no `sizes.7`"))
        #expect(try sentences("", "sizes.0=1,2").isEmpty && sentences("", "hidden=1,2").isEmpty)
    }

    /// `${x:q}` uses `x` as `${x}` does.
    @Test func aQuotedReferenceIsAUse() throws {
        let yaml =
            "params: { v: a, w: { x: 1 } }\nstages: { f: { uses: toy-constant, with: { text: \"${v:q} ${ w.x:q }\" } } }\n"
        try project.write(yaml, to: "p.yaml")
        var options = LoadOptions()
        options.sweep.matrix = ["v=1,2", "w.x=1,2"]
        let sweep = try Sweep(path: project.path + "/p.yaml", options: options, registry: Toys.registry)
        #expect(sweep.cells.count == 4)
    }

    @Test func aSweepPrintsWhatItsValuesAreWrittenAs() throws {
        let yaml =
            "params: { x: 1 }\nstages: { s: { uses: toy-constant, with: { text: \"<${x}>\" } } }\nsweep: { parameters: { x: { values: [0.10, 1e-3] } } }\n"
        try project.write(yaml, to: "p.yaml")
        let sweep = try Sweep(path: project.path + "/p.yaml", registry: Toys.registry)
        #expect(
            sweep.arms.indices.map { sweep.pipeline(at: $0).graph["s"]?.configuration.values["text"] } == [
                "<0.10>", "<1e-3>",
            ])
        #expect(sweep.arms.map(\.arm) == ["x=0.1", "x=0.001"])
    }

    @Test func itsClaimsReachEveryCell() throws {
        try project.write(
            "title: What the paper says\nopening: O\nclaims: [{ model: A, claim: B, status: never, note: N }]\n",
            to: "claims.yaml")
        try project.write(
            "claims: claims.yaml\nparams: { x: 1 }\nstages:\n  a: { uses: toy-constant, with: { text: \"${x}\" } }\n"
                + "sweep: { parameters: { x: { values: [1, 2] } } }\n", to: "p.yaml")
        let sweep = try Sweep(path: project.path + "/p.yaml", registry: Toys.registry)
        #expect(
            sweep.cells.indices.map { sweep.pipeline(at: $0).claims?.title } == [
                "What the paper says", "What the paper says",
            ])
    }
}
