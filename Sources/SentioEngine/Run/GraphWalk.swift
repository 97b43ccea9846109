import SentioKit
import SentioSpec

/// Walks the stages of a pipeline, each after those that it needs: looks up the state of a stage, hands it to the
/// runner and follows the runner's answer. A run and a plan are the same walk with different runners.
///
/// The walk is serial and deterministic; only the work that a runner starts is parallel. Ready stages are visited by
/// longest remaining path, then depth first, then in the order of the file.
struct GraphWalk<Runner: WalkRunner> {
    private let lookup: StageLookup
    var runner: Runner
    private var queue: StageQueue
    /// The results that are there. In a plan, what would run has none.
    private var known: [String: StageRecord] = [:]

    /// - parameter excluded: stages that are not visited, nor those that need them.
    init(_ lookup: StageLookup, runner: Runner, excluding excluded: Set<String> = []) {
        self.lookup = lookup
        self.runner = runner
        queue = StageQueue(lookup.pipeline.graph, lookup.wanted.subtracting(excluded))
    }

    /// Returns when no stage can start and none is at work.
    mutating func run() {
        repeat {
            while runner.mayStart, let node = queue.next() { follow(runner.take(node, state(of: node)), node) }
        } while settleNext()
    }

    private func state(of node: StageNode) -> StageLookup.State {
        lookup.state(of: node, known: known) { try runner.listing(of: $0, for: node, known: known) }
    }

    private mutating func settleNext() -> Bool {
        guard let (node, step) = runner.next(known: known) else { return false }
        follow(step, node)
        queue.readmit()
        return true
    }

    private mutating func follow(_ step: WalkStep, _ node: StageNode) {
        switch step {
        case .known(let record):
            known[node.name] = record
            queue.release(after: node.name)
        case .foreseen: queue.release(after: node.name)
        case .started, .failed: break
        case .postponed: queue.postpone(node.name)
        case .waits(let producer, let runsAgain):
            if runsAgain { queue.push(producer) }
            queue.wait(node.name, for: producer)
        }
    }
}

/// What a walk does with the stages that it visits: `RealRunner` executes them, `DryRunner` foresees them.
protocol WalkRunner {
    /// Whether another stage may be visited now.
    var mayStart: Bool { get }

    /// A source as the stage will find it.
    /// - throws: `StageFailure`, `BlobStoreError`.
    func listing(of source: SourceRequest, for node: StageNode, known: [String: StageRecord]) throws -> SourceListing

    /// Deals with a stage whose turn it is.
    mutating func take(_ node: StageNode, _ state: StageLookup.State) -> WalkStep

    /// Blocks until a started stage ends.
    /// - returns: nil if none is at work.
    mutating func next(known: [String: StageRecord]) -> (StageNode, WalkStep)?
}

/// What follows for a stage that a runner dealt with.
enum WalkStep {
    /// Its result is there; its dependents can be visited.
    case known(StageRecord)
    /// It has no result, but its dependents are visited all the same.
    case foreseen
    /// It is at work; `WalkRunner.next` returns it.
    case started
    /// It is visited again as soon as some stage, perhaps this one, has ended.
    case postponed
    /// It is visited again when this stage has a result, which for that may have to run again.
    case waits(for: String, runsAgain: Bool)
    /// It has no result; its dependents are not visited.
    case failed
}
