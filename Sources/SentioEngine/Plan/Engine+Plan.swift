public import SentioKit

extension Engine {
    /// What would run, and why, in the order of the graph. Changes nothing.
    ///
    /// A stage behind a stale one is stale with the reason `upstream`: whether it really runs depends on what the first
    /// one makes (same bytes, no rerun).
    public func plan(_ pipeline: Pipeline, options: RunOptions) -> [PlannedStage] {
        let blobs = workspace.blobs
        let planner = Planner(
            pipeline: pipeline.name, seed: pipeline.seed, replicate: options.replicate(of:), records: workspace.records, blobs: blobs,
            manifest: { [workspace] in try workspace.manifest($0) },
            entryBlobs: { [workspace] in try workspace.entryBlobs($0) },
            contains: { blobs.contains($0) }, taintCause: { [workspace] in workspace.taintCause(of: $0) })
        let scanner = SourceScanner(directory: pipeline.directory, workspace: workspace, threads: options.jobs)
        let wanted = options.only.isEmpty ? nil : pipeline.graph.closure(of: options.only)
        var records: [String: StageRecord] = [:], planned: [PlannedStage] = []
        for node in pipeline.graph.nodes where wanted?.contains(node.name) ?? true {
            let expected = (try? workspace.records.latest(pipeline: pipeline.name, stage: node.name))?.cost
            func add(_ state: PlannedStage.State, items: (pending: Int, total: Int)? = nil, record: StageRecord? = nil) {
                planned.append(
                    PlannedStage(
                        stage: node.name, kind: node.kind, state: state, expectedSeconds: expected, items: items, record: record))
            }
            let unsettled = node.dependencies.filter { records[$0] == nil }
            guard unsettled.isEmpty else {
                var causes: [RunCause] = []
                // Its own changes are known already, whatever its inputs become.
                if let previous = try? workspace.records.latest(pipeline: pipeline.name, stage: node.name) {
                    var parts = planner.parts(node, Planner.Inputs())
                    parts.inputs = previous.parts.inputs
                    parts.sources = previous.parts.sources
                    causes = (workspace.taintCause(of: previous).map { [$0] } ?? []) + planner.causes(of: node, from: previous, to: parts)
                }
                add(.stale(RunReason(causes + [.upstream(unsettled)])))
                continue
            }
            do {
                var inputs = Planner.Inputs()
                for input in node.inputs { inputs.artifacts[input.port] = records[input.producer]?.outputs[input.output.name] }
                for request in node.stage.sources {
                    inputs.sources[request.name] = try listing(request, node, pipeline, records, scanner)
                }
                inputs.sourceLineage = try planner.sourceLineage(of: node, records: records)
                let parts = planner.parts(node, inputs)
                switch try planner.decide(node, parts: parts, isForced: options.force.contains(node.name)) {
                case .reuse(let record):
                    records[node.name] = record
                    add(.upToDate, record: record)
                case .run(let reason): add(.stale(planner.naming(reason, of: node, inputs)))
                }
            } catch {
                add(.blocked("\(error)"))
            }
        }
        workspace.saveStatCache()
        return planned
    }

    /// A source as it will be when the stage's turn comes: files that another stage's record puts back count as there,
    /// files that its earlier record left count as gone.
    private func listing(
        _ request: SourceRequest, _ node: StageNode, _ pipeline: Pipeline, _ records: [String: StageRecord], _ scanner: SourceScanner
    ) throws -> SourceListing {
        let root = Paths.normalized(Paths.resolve(request.path, relativeTo: pipeline.directory))
        let outputs = WorkspaceOutputs(directory: pipeline.directory, workspace: workspace)
        var gone: Set<String> = [], there: [String: BlobReference] = [:]
        for name in node.fileProducers {
            guard let producer = pipeline.graph[name], let record = records[name] else { continue }
            let previous = try? workspace.records.latest(pipeline: pipeline.name, stage: name)
            gone.formUnion(outputs.leftovers(of: producer, previous: previous, next: record).map(Paths.normalized))
            for output in producer.outputs where output.workspacePath != nil {
                for file in outputs.recorded(output, record) ?? [] { there[Paths.normalized(file.path)] = file.blob }
            }
        }
        there = there.filter { $0.key == root || $0.key.hasPrefix(root + "/") }
        guard !there.isEmpty || !gone.isEmpty else { return try scanner.scan(request, stage: node.name) }
        let found = there.isEmpty || Paths.exists(root) ? try scanner.scan(request, stage: node.name).files : []
        var files = found.filter { !gone.contains(Paths.normalized($0.path)) && there[Paths.normalized($0.path)] == nil }
        for (path, blob) in there {
            let name = path == root ? String(path.split(separator: "/").last ?? "") : String(path.dropFirst(root.count + 1))
            files.append(SourceFile(name: name, path: path, blob: blob))
        }
        return SourceListing(files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }

    /// Why a stage would run: itself first, then what made its inputs change, down to the first cause.
    /// - returns: empty where the stage is up to date.
    public func why(_ stage: String, in pipeline: Pipeline, options: RunOptions) -> [(stage: String, reason: RunReason)] {
        let planned = Dictionary(plan(pipeline, options: options).map { ($0.stage, $0) }, uniquingKeysWith: { first, _ in first })
        var chain: [(stage: String, reason: RunReason)] = [], seen: Set<String> = [], queue = [stage]
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
