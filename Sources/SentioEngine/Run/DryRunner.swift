import SentioKit
import SentioSpec

/// Foresees what a run would do with each stage, and changes nothing: how much would lie on its outputs, and what it
/// would take.
struct DryRunner: WalkRunner {
    private let lookup: StageLookup
    private let prices: PriceList
    private let survey: StageSurvey
    private let sources: ForeseenSources
    private var forecast: Forecast
    private(set) var planned: [String: PlannedStage] = [:]

    init(_ lookup: StageLookup, prices: PriceList) {
        self.lookup = lookup
        self.prices = prices
        survey = StageSurvey(workspace: lookup.workspace, jobs: lookup.options.jobs)
        sources = ForeseenSources(lookup: lookup)
        forecast = Forecast(lookup.workspace, pipeline: lookup.pipeline.name)
    }

    var mayStart: Bool { true }

    func listing(of source: SourceRequest, for node: StageNode, known: [String: StageRecord]) throws -> SourceListing {
        try sources.listing(of: source, for: node, known: known)
    }

    mutating func take(_ node: StageNode, _ state: StageLookup.State) -> WalkStep {
        switch state {
        case .cached(_, let record):
            forecast.settle(node, record)
            planned[node.name] = PlannedStage(node, .upToDate, record: record)
            return .known(record)
        case .stale(let stage, let reason):
            let offer = survey.offer(lookup.work(stage, reason))
            foresee(
                node, reason, offer, forecast.inputs(of: node, sources: stage.inputs.sourceAmounts),
                fresh: offer.items.map { Double($0.pending) } ?? reason.changedFiles)
        case .behind(let producers, let known):
            // What changed in the stage itself is known already, whatever its inputs become.
            let causes = lookup.planner.ownCauses(of: node)
            let inputs = forecast.inputs(of: node, sources: known.sourceAmounts)
            let fresh = causes == [] ? inputs?.values.map(\.fresh).max() : nil
            foresee(
                node, RunReason((causes ?? []) + [.upstream(producers)]), survey.offer(node, inputs, fresh: fresh),
                inputs, fresh: node.stage.execution.itemwise != nil ? fresh : nil)
        case .blocked(let error): planned[node.name] = PlannedStage(node, .blocked("\(error)"))
        }
        return .foreseen
    }

    mutating func next(known: [String: StageRecord]) -> (StageNode, WalkStep)? { nil }

    private mutating func foresee(
        _ node: StageNode, _ reason: RunReason, _ offer: StageOffer, _ inputs: [String: Forecast.Output]?,
        fresh: Double?
    ) {
        planned[node.name] = PlannedStage(node, .stale(reason), price: offer.price(by: prices), offer: offer)
        forecast.foresee(node, inputs, fresh: fresh)
    }
}

extension RunReason {
    /// How many files of sources are new or changed, if nothing else is a cause; otherwise nil.
    fileprivate var changedFiles: Double? {
        var count = 0
        for cause in causes {
            guard case .source(_, let changes) = cause, !changes.isEmpty else { return nil }
            count += changes.count { if case .removed = $0 { false } else { true } }
        }
        return causes.isEmpty ? nil : Double(count)
    }
}
