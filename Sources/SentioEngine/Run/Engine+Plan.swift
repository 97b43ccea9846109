public import SentioKit
public import SentioSpec

extension Engine {
    /// What would run, and why, in the order of the graph. Changes nothing.
    ///
    /// A stage behind a stale one is stale with the reason `upstream`: whether it really runs depends on what the first
    /// one makes (same bytes, no rerun). What stages take is foreseen from the records of their kinds.
    public func plan(_ pipeline: Pipeline, options: RunOptions) -> [PlannedStage] {
        plan(pipeline, options: options, prices: PriceList(workspace.records))
    }

    package func plan(_ pipeline: Pipeline, options: RunOptions, prices: PriceList) -> [PlannedStage] {
        let hold = workspace.holdForReading()
        defer { withExtendedLifetime(hold) {} }
        try? workspace.records.refresh()
        let lookup = StageLookup(pipeline, workspace: workspace, options: options), planner = lookup.planner,
            scanner = lookup.scanner
        let survey = StageSurvey(workspace: workspace, jobs: options.jobs)
        let wanted = options.only.isEmpty ? nil : pipeline.graph.closure(of: options.only)
        var records: [String: StageRecord] = [:], planned: [PlannedStage] = [],
            forecast = Forecast(workspace, pipeline: pipeline.name)
        for node in pipeline.graph.nodes where wanted?.contains(node.name) ?? true {
            func stale(_ reason: RunReason, _ offer: StageOffer, _ sources: [String: Amount], fresh: Double?) {
                planned.append(PlannedStage(node, .stale(reason), price: offer.price(by: prices), offer: offer))
                forecast.foresee(node, forecast.inputs(of: node, sources: sources), fresh: fresh)
            }
            let unsettled = node.dependencies.filter { records[$0] == nil }
            guard unsettled.isEmpty else {
                // Its own changes are known already, whatever its inputs become.
                let causes = ownCauses(of: node, pipeline, planner)
                let sources = (try? sources(of: node, pipeline, records, scanner).sourceAmounts) ?? [:]
                let inputs = forecast.inputs(of: node, sources: sources)
                let fresh = causes.map { $0.isEmpty } ?? false ? inputs?.values.map(\.fresh).max() : nil
                let reason = RunReason((causes ?? []) + [.upstream(unsettled)])
                stale(
                    reason, survey.offer(node, inputs, fresh: fresh), sources,
                    fresh: node.stage.execution.itemwise != nil ? fresh : nil)
                continue
            }
            do {
                let settled = try lookup.settle(node, records) { try listing($0, node, pipeline, records, scanner) }
                let isForced = options.force.contains(node.name)
                switch try lookup.decide(settled, isForced: isForced) {
                case .reuse(let record):
                    records[node.name] = record
                    forecast.settle(node, record)
                    planned.append(PlannedStage(node, .upToDate, record: record))
                case .run(let reason):
                    let offer = survey.offer(lookup.work(settled, reason, isForced: isForced))
                    stale(
                        reason, offer, settled.inputs.sourceAmounts,
                        fresh: offer.items.map { Double($0.pending) } ?? reason.changedFiles)
                }
            } catch {
                planned.append(PlannedStage(node, .blocked("\(error)")))
            }
        }
        workspace.saveStatCache()
        return planned
    }

    /// What of the stage itself is not what it was when it ran last; nil where it never ran.
    private func ownCauses(of node: StageNode, _ pipeline: Pipeline, _ planner: Planner) -> [RunCause]? {
        guard let previous = try? workspace.records.latest(pipeline: pipeline.name, stage: node.name) else {
            return nil
        }
        var parts = planner.parts(node, Planner.Inputs())
        parts.inputs = previous.parts.inputs
        parts.sources = previous.parts.sources
        return (workspace.taintCause(of: previous).map { [$0] } ?? [])
            + planner.causes(of: node, from: previous, to: parts)
    }

    private func sources(
        of node: StageNode, _ pipeline: Pipeline, _ records: [String: StageRecord], _ scanner: SourceScanner
    ) throws -> Planner.Inputs {
        var inputs = Planner.Inputs()
        for request in node.stage.sources {
            inputs.sources[request.name] = try listing(request, node, pipeline, records, scanner)
        }
        return inputs
    }

    /// A source as it will be when the stage's turn comes: files that another stage's record puts back count as there,
    /// files that its earlier record left count as gone.
    private func listing(
        _ request: SourceRequest, _ node: StageNode, _ pipeline: Pipeline, _ records: [String: StageRecord],
        _ scanner: SourceScanner
    ) throws -> SourceListing {
        let root = Paths.normalized(Paths.resolve(request.path, relativeTo: pipeline.directory))
        let outputs = WorkspaceOutputs(directory: pipeline.directory, workspace: workspace)
        var gone: Set<String> = [], there: [String: BlobReference] = [:]
        for name in node.fileProducers {
            guard let producer = pipeline.graph[name], let record = records[name] else { continue }
            let previous = try? workspace.records.latest(pipeline: pipeline.name, stage: name)
            gone.formUnion(outputs.leftovers(of: producer, previous: previous, next: record).map(Paths.normalized))
            for output in producer.outputs where output.workspacePath != nil {
                for part in outputs.recorded(output, record)?.parts ?? [] {
                    if case .file(let blob, _) = part.content { there[Paths.normalized(part.path)] = blob }
                }
            }
        }
        there = there.filter { path, _ in
            path == root || path.hasPrefix(root + "/") && !SourceWalk.passesOver(String(path.dropFirst(root.count + 1)))
        }
        guard !there.isEmpty || !gone.isEmpty else { return try scanner.scan(request, stage: node.name) }
        if case .values(let keys) = request.form, let blob = there[root] {
            return try SourceValues(try workspace.blobs.read(blob), path: root, stage: node.name).listing(keys)
        }
        let found = there.isEmpty || Paths.exists(root) ? try scanner.scan(request, stage: node.name).files : []
        var files = found.filter {
            !gone.contains(Paths.normalized($0.path)) && there[Paths.normalized($0.path)] == nil
        }
        for (path, blob) in there {
            let name = path == root ? Paths.name(of: path) : String(path.dropFirst(root.count + 1))
            files.append(SourceFile(name: name, path: path, blob: blob))
        }
        return SourceListing(files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }

    /// Why stages would run: they first, then what made their inputs change, down to the first cause.
    /// - returns: empty where they are up to date.
    public func why(_ stages: [String], in pipeline: Pipeline, options: RunOptions) -> [(
        stage: String, reason: RunReason
    )] {
        why(stages, plan(pipeline, options: options))
    }

    /// The same of a plan.
    public func why(_ stages: [String], _ plan: [PlannedStage]) -> [(stage: String, reason: RunReason)] {
        let planned = Dictionary(plan.map { ($0.stage, $0) }, uniquingKeysWith: { first, _ in first })
        var chain: [(stage: String, reason: RunReason)] = [], seen: Set<String> = [], queue = stages
        while !queue.isEmpty {
            let name = queue.removeFirst()
            guard seen.insert(name).inserted, let plan = planned[name] else { continue }
            switch plan.state {
            case .upToDate: continue
            case .blocked(let sentence): chain.append((name, RunReason(.blocked(sentence))))
            case .stale(let reason):
                chain.append((name, reason))
                for case .upstream(let stages) in reason.causes { queue += stages }
            }
        }
        return chain
    }

    /// The last record of a stage of this pipeline: when it ran, why, and for how long.
    public func lastRecord(of stage: String, in pipeline: Pipeline) -> StageRecord? {
        try? workspace.records.latest(pipeline: pipeline.name, stage: stage)
    }
}

extension RunReason {
    /// How many files of a source are new or changed, where that is all; nil where anything else is a cause.
    fileprivate var changedFiles: Double? {
        var count = 0
        for cause in causes {
            guard case .source(_, let changes) = cause, !changes.isEmpty else { return nil }
            count += changes.count { if case .removed = $0 { false } else { true } }
        }
        return causes.isEmpty ? nil : Double(count)
    }
}
