import SentioKit
import SentioSpec

/// Asks for a stage whose inputs are settled whether a record answers, and makes its work where none does. A plan and a
/// run ask the same way; they differ in where a stage's sources are looked for, and in what they do with the answer.
struct StageLookup: Sendable {
    let pipeline: Pipeline
    let options: RunOptions
    let planner: Planner
    let scanner: SourceScanner

    init(_ pipeline: Pipeline, workspace: Workspace, options: RunOptions) {
        self.pipeline = pipeline
        self.options = options
        planner = Planner(pipeline: pipeline.name, seed: pipeline.seed, workspace: workspace, options: options)
        scanner = SourceScanner(directory: pipeline.directory, workspace: workspace, threads: options.jobs)
    }

    /// A stage with all that its key is made of.
    struct Settled: Sendable {
        let node: StageNode
        let inputs: Planner.Inputs
        let parts: KeyParts
    }

    /// - parameters:
    ///   - records: of the stages before it.
    ///   - sources: finds one of its sources.
    /// - throws: `StageFailure`, `BlobStoreError` for sources and manifests that cannot be read.
    func settle(
        _ node: StageNode, _ records: [String: StageRecord], sources: (SourceRequest) throws -> SourceListing
    ) throws -> Settled {
        var inputs = Planner.Inputs()
        for input in node.inputs { inputs.artifacts[input.port] = records[input.producer]?.outputs[input.output.name] }
        for request in node.stage.sources { inputs.sources[request.name] = try sources(request) }
        inputs.sourceLineage = try planner.sourceLineage(of: node, records: records)
        return Settled(node: node, inputs: inputs, parts: planner.parts(node, inputs))
    }

    /// - throws: `BlobStoreError` where the records cannot be read.
    func decide(_ stage: Settled, isForced: Bool) throws -> Planner.Decision {
        let decision = try planner.decide(stage.node, parts: stage.parts, isForced: isForced)
        guard case .run(let reason) = decision else { return decision }
        return .run(planner.naming(reason, of: stage.node, stage.inputs))
    }

    /// - parameter threads: that it gets; nil: all that it asks for.
    func work(_ stage: Settled, _ reason: RunReason, isForced: Bool, run: String = "", threads: Int? = nil) -> StageWork
    {
        StageWork(
            node: stage.node, parts: stage.parts, inputs: stage.inputs, reason: reason, isForced: isForced,
            pipeline: pipeline.name,
            directory: pipeline.directory, run: run, runSeed: pipeline.seed,
            replicate: options.replicate(of: stage.node.name),
            threads: threads ?? stage.node.cores(of: options.jobs), waiting: options.waiting)
    }
}
