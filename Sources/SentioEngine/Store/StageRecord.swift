public import SentioKit

/// What a finished stage left behind: the parts of its key, its outputs, its metrics and its time. The cache's only
/// truth.
public struct StageRecord: Sendable, Equatable {
    public var key: StageKey
    /// Not part of the key: where it ran, for reading and for finding the nearest earlier record.
    public var stage: String
    public var pipeline: String
    public var run: String
    public var parts: KeyParts
    /// The blob that lists the files behind each hash in `parts.sources`, so that a change can be named.
    public var listings: [String: BlobReference]
    /// Manifest by port.
    public var outputs: [String: BlobReference]
    public var metrics: [String: Double]
    public var series: [String: [SeriesPoint]]
    public var items: Int?
    /// Items that failed and were left out: such a record does not answer for a stage that must not skip.
    public var failedItems = 0
    /// What the user should know of the result (items left out, a critic that won), said again whenever the record
    /// answers.
    public var warnings: [String] = []
    public var seconds: Double
    /// Seconds that the stage takes from nothing: of all items, from those that were worked on; of a training that was
    /// stopped and went on, the sum of its parts.
    public var cost: Double
    /// What was done in that time; nil where nothing was measured, or by an earlier version.
    var work: MeasuredWork?
    public var reason: String
    /// Seconds since 1970.
    public var finishedAt: Double
    /// The marked songs that its run knew of; nil for a record of an earlier version, which `finishedAt` places among
    /// the marks.
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

    /// nil for bytes that are not a record of this version: a record that cannot be read is a miss.
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
        // Records of earlier versions kept only the sentence about items that were left out.
        warnings = (map["warnings"]?.list ?? [map["left_out"] ?? .null]).compactMap(\.string)
        // Earlier versions measured by the time of day, which somebody may have set back.
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

    /// How many blobs of the outputs are not there; an unreadable manifest counts as one.
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
    /// As a record holds it: JSON has no word for numbers that are not finite, so they stand there as text.
    var recordable: Value {
        switch self {
        case .double(let number) where !number.isFinite: .string("\(number)")
        case .list(let values): .list(values.map(\.recordable))
        case .map(let entries): .map(entries.mapValues(\.recordable))
        default: self
        }
    }
}
