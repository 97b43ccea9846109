public import SentioKit

/// What a finished stage left behind: the parts of its key, its outputs, metrics and duration. Records alone decide
/// what is cached.
public struct StageRecord: Sendable, Equatable {
    /// The key under which it is stored.
    public var key: StageKey
    /// Name of the stage. Like pipeline and run, not part of the key; for display and for finding earlier records.
    public var stage: String
    /// Name of the pipeline.
    public var pipeline: String
    /// Id of the run.
    public var run: String
    /// What the key was computed from.
    public var parts: KeyParts
    /// For each hash in `parts.sources`, the blob that lists its files, to say what changed.
    public var listings: [String: BlobReference]
    /// Manifest by port.
    public var outputs: [String: BlobReference]
    /// Metrics by name.
    public var metrics: [String: Double]
    /// Points by name of the series.
    public var series: [String: [SeriesPoint]]
    /// Number of items; nil for kinds that are not item-wise.
    public var items: Int?
    /// Number of items that failed and were left out. Such a record is not valid for a stage that must not skip items.
    public var failedItems = 0
    /// Warnings about the result, such as items left out, repeated on every cache hit.
    public var warnings: [String] = []
    /// Wall-clock seconds of the stage in its run.
    public var seconds: Double
    /// Estimated seconds of a full computation: for items, extrapolated to all of them from those that ran; for an
    /// interrupted training, the sum of its attempts.
    public var cost: Double
    /// The work done in that time; nil if it was not measured, or in records of earlier versions.
    var work: MeasuredWork?
    /// Why it ran, in words.
    public var reason: String
    /// Seconds since 1970.
    public var finishedAt: Double
    /// The taint marks that its run knew; nil for a record of an earlier version, for which `finishedAt` decides.
    var taintsSeen: TaintsSeen?

    var encoded: [UInt8] {
        func blob(_ blob: BlobReference) -> Value { [.string(blob.hash.hex), .int(blob.size)] }
        let value: Value = [
            "stage": .string(stage), "pipeline": .string(pipeline), "run": .string(run), "kind": .string(parts.kind),
            "version": .int(parts.version), "configuration": .map(parts.configuration.mapValues(\.recordable)),
            "inputs": .map(parts.inputs.mapValues { .string($0.hex) }),
            "sources": .map(parts.sources.mapValues { .string($0.hex) }),
            "seed": parts.seed.map { .string(String($0)) } ?? .null, "listings": .map(listings.mapValues(blob)),
            "outputs": .map(outputs.mapValues(blob)),
            "metrics": .map(metrics.mapValues { Value.double($0).recordable }),
            "series": .map(series.mapValues { .list($0.map { [.int($0.step), Value.double($0.value).recordable] }) }),
            "items": items.map(Value.int) ?? .null, "failed_items": .int(failedItems),
            "warnings": .list(warnings.map(Value.string)),
            "seconds": .double(seconds), "cost": .double(cost), "work": work?.value ?? .null, "reason": .string(reason),
            "finished_at": .double(finishedAt),
            "taints": taintsSeen.map { [.string($0.list), .int($0.last)] } ?? .null,
        ]
        return Array(JSON.text(value).utf8)
    }

    /// Decodes a record; nil if this version cannot read it, which counts as a cache miss.
    init?(key: StageKey, encoded: [UInt8]) {
        guard let value = try? JSON.parse(encoded), let map = value.map, let kind = map["kind"]?.string,
            let version = map["version"]?.int,
            let inputs = Self.hashes(map["inputs"]), let sources = Self.hashes(map["sources"]),
            let listings = Self.blobs(map["listings"]), let outputs = Self.blobs(map["outputs"])
        else { return nil }
        self.key = key
        stage = map["stage"]?.string ?? ""
        pipeline = map["pipeline"]?.string ?? ""
        run = map["run"]?.string ?? ""
        parts = KeyParts(
            kind: kind, version: version, configuration: map["configuration"]?.map ?? [:], inputs: inputs,
            sources: sources,
            seed: map["seed"]?.string.flatMap { UInt64($0) })
        self.listings = listings
        self.outputs = outputs
        metrics = (map["metrics"]?.map ?? [:]).mapValues(Self.number)
        series = (map["series"]?.map ?? [:]).mapValues { value in
            (value.list ?? []).compactMap { point in
                guard let pair = point.list, pair.count == 2, let step = pair[0].int else { return nil }
                return SeriesPoint(step: step, value: Self.number(pair[1]))
            }
        }
        items = map["items"]?.int
        failedItems = map["failed_items"]?.int ?? 0
        // Records of earlier versions have only the warning about items that were left out.
        warnings = (map["warnings"]?.list ?? [map["left_out"] ?? .null]).compactMap(\.string)
        // Earlier versions measured with the time of day, which may have been set back.
        seconds = max(0, map["seconds"]?.double ?? 0)
        cost = max(0, map["cost"]?.double ?? seconds)
        work = MeasuredWork(map["work"])
        reason = map["reason"]?.string ?? ""
        finishedAt = map["finished_at"]?.double ?? 0
        if let pair = map["taints"]?.list, pair.count == 2, let list = pair[0].string, let last = pair[1].int {
            taintsSeen = TaintsSeen(list: list, last: last)
        }
    }

    init(
        key: StageKey, stage: String, pipeline: String, run: String, parts: KeyParts,
        listings: [String: BlobReference] = [:],
        outputs: [String: BlobReference], metrics: [String: Double] = [:], series: [String: [SeriesPoint]] = [:],
        items: Int? = nil,
        seconds: Double, cost: Double? = nil, reason: String, finishedAt: Double
    ) {
        self.key = key
        self.stage = stage
        self.pipeline = pipeline
        self.run = run
        self.parts = parts
        self.listings = listings
        self.outputs = outputs
        self.metrics = metrics
        self.series = series
        self.items = items
        self.seconds = seconds
        self.cost = cost ?? seconds
        self.reason = reason
        self.finishedAt = finishedAt
    }

    private static func number(_ value: Value) -> Double { value.double ?? value.string.flatMap { Double($0) } ?? .nan }

    private static func hashes(_ value: Value?) -> [String: ContentHash]? {
        guard let map = value?.map else { return nil }
        let hashes = map.compactMapValues { $0.string.flatMap { ContentHash(hex: $0) } }
        return hashes.count == map.count ? hashes : nil
    }

    private static func blobs(_ value: Value?) -> [String: BlobReference]? {
        guard let map = value?.map else { return nil }
        let blobs = map.compactMapValues { value -> BlobReference? in
            guard let pair = value.list, pair.count == 2, let hash = pair[0].string.flatMap({ ContentHash(hex: $0) }),
                let size = pair[1].int, size >= 0
            else { return nil }
            return BlobReference(hash: hash, size: size)
        }
        return blobs.count == map.count ? blobs : nil
    }
}

extension StageRecord {

    /// Number of missing output blobs; an unreadable manifest counts as one.
    func lostBlobs(entries: (BlobReference) throws -> [BlobReference], contains: (BlobReference) -> Bool) -> Int {
        outputs.values.reduce(0) { lost, output in
            guard contains(output), let blobs = try? entries(output) else {
                return lost + 1
            }
            return lost + blobs.count { !contains($0) }
        }
    }
}

extension Value {
    /// The value for a record: numbers that are not finite become text, because JSON cannot represent them.
    var recordable: Value {
        switch self {
        case .double(let number) where !number.isFinite: .string("\(number)")
        case .list(let values): .list(values.map(\.recordable))
        case .map(let entries): .map(entries.mapValues(\.recordable))
        default: self
        }
    }
}
