import SentioKit
import SentioSpec

/// Finds out what state a stage is in: whether a record answers for it, why it is stale, or which results it still
/// lacks. Plans and runs ask in the same way.
struct StageLookup: Sendable {
    let pipeline: Pipeline
    let workspace: Workspace
    let options: RunOptions
    let planner: Planner
    let scanner: SourceScanner
    /// The stages that the options ask for, and all that these need.
    let wanted: Set<String>

    init(_ pipeline: Pipeline, workspace: Workspace, options: RunOptions) {
        self.pipeline = pipeline
        self.workspace = workspace
        self.options = options
        planner = Planner(pipeline: pipeline.name, seed: pipeline.seed, workspace: workspace, options: options)
        scanner = SourceScanner(directory: pipeline.directory, workspace: workspace, threads: options.jobs)
        wanted = options.only.isEmpty ? Set(pipeline.graph.nodes.map(\.name)) : pipeline.graph.closure(of: options.only)
    }

    /// A stage whose inputs are known, and with them its key.
    struct KeyedStage: Sendable {
        let node: StageNode
        let inputs: Planner.Inputs
        let parts: KeyParts
        /// Whether it runs even if a record answers for it.
        let isForced: Bool
    }

    enum State {
        /// A record answers for it.
        case cached(KeyedStage, StageRecord)
        case stale(KeyedStage, RunReason)
        /// These producers have no result yet, so its key is unknown. Of its inputs only the sources are.
        case behind([String], Planner.Inputs)
        /// It cannot run as things are: a source, a manifest or the records cannot be read.
        case blocked(any Error)
    }

    /// - parameters:
    ///   - known: the records of the stages that have a result.
    ///   - listing: looks at one of the stage's sources.
    func state(
        of node: StageNode, known: [String: StageRecord], listing: (SourceRequest) throws -> SourceListing
    ) -> State {
        var inputs = Planner.Inputs()
        let missing = node.dependencies.filter { known[$0] == nil }
        do {
            for request in node.stage.sources { inputs.sources[request.name] = try listing(request) }
            guard missing.isEmpty else { return .behind(missing, inputs) }
            for input in node.inputs {
                inputs.artifacts[input.port] = known[input.producer]?.outputs[input.output.name]
            }
            inputs.sourceLineage = try planner.sourceLineage(of: node, records: known)
            let stage = KeyedStage(
                node: node, inputs: inputs, parts: planner.parts(node, inputs),
                // One that runs again to recreate a blob was forced the first time.
                isForced: options.force.contains(node.name) && known[node.name] == nil)
            switch try planner.decide(node, parts: stage.parts, isForced: stage.isForced) {
            case .reuse(let record): return .cached(stage, record)
            case .run(let reason): return .stale(stage, planner.naming(reason, of: node, inputs))
            }
        } catch {
            return missing.isEmpty ? .blocked(error) : .behind(missing, Planner.Inputs())
        }
    }

    /// - parameter threads: how many it gets; nil: as many as it asks for.
    func work(_ stage: KeyedStage, _ reason: RunReason, run: String = "", threads: Int? = nil) -> StageWork {
        StageWork(
            node: stage.node, parts: stage.parts, inputs: stage.inputs, reason: reason, isForced: stage.isForced,
            pipeline: pipeline.name, directory: pipeline.directory, run: run, runSeed: pipeline.seed,
            replicate: options.replicate(of: stage.node.name),
            threads: threads ?? stage.node.cores(of: options.jobs), waiting: options.waiting)
    }
}
