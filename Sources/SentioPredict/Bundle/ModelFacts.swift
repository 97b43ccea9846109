public import SentioKit
import SentioRunStore

/// What a bundle says about its model besides how to apply it.
public struct ModelFacts: Sendable, Equatable {
    /// Run, stage, kind and pipeline that it comes from, and when that run started (seconds since 1970).
    public var origin: [String: Value]
    /// The rated dimensions, in order; empty where the run did not record them.
    public var dimensions: [String]
    /// Lowest and highest rating of each dimension; empty where the run did not record them.
    public var scales: [ClosedRange<Double>]
    /// The scale that all dimensions share; nil where they differ or are not known.
    public var scale: ClosedRange<Double>? { Set(scales).count == 1 ? scales.first : nil }
    /// Number of songs whose data reached the model.
    public var trainingSongs: Int
    /// Metrics of the stages that scored its predictions, by stage.
    public var scores: [String: [String: Double]]
    /// Facts about the data and the split: kind and parameters by stage.
    public var data: [String: Value]
    /// What its errors on songs that it was not fitted on say about how sure it is; nil where there are none.
    public var calibration: ModelCalibration?
    /// Why there is no calibration; nil where there is one.
    public var withoutCalibration: String?
    /// Texts of licences that travel with parts of the model, by part.
    public var licences: [String: String]

    /// The facts that a run records about one of its models.
    init(
        stage: StageDetails, run: RunDetails, labels: [String: Value], trainingSongs: Int, program: String,
        calibration: CalibrationSongs.Result
    ) {
        origin = [
            "run": .string(run.summary.id), "stage": .string(stage.stage), "kind": .string(stage.kind),
            "pipeline": .string(run.summary.pipeline), "seed": .int(run.summary.seed), "program": .string(program),
            "configuration": .map(stage.configuration),
        ]
        let dimensions = Self.dimensions(labels)
        self.dimensions = dimensions
        let common = Self.range(labels["scale"]).map { scale in dimensions.map { _ in scale } }
        let scales = common ?? (labels["scales"]?.list ?? []).compactMap { Self.range($0) }
        self.scales = scales.count == dimensions.count ? scales : []
        self.trainingSongs = trainingSongs
        let predictions = Set(stage.outputs.values)
        scores = Dictionary(
            run.stages.filter { reader in
                reader.stage != stage.stage && reader.inputs["predictions"].map(predictions.contains) ?? false
            }.map { ($0.stage, $0.metrics.filter { $0.value.isFinite }) }, uniquingKeysWith: { first, _ in first })
        let kinds: Set<String> = ["song-dataset", "table-dataset", "split", "near-duplicates"]
        data = Dictionary(
            run.stages.filter { kinds.contains($0.kind) }.map { stage in
                // The paths of somebody's machine are nobody else's business.
                (
                    stage.stage,
                    [
                        "kind": .string(stage.kind),
                        "with": .map(stage.configuration.filter { !$0.key.hasSuffix("source") }),
                    ]
                )
            }, uniquingKeysWith: { first, _ in first })
        licences = [:]
        switch calibration {
        case .found(let found): self.calibration = found
        case .none(let reason): withoutCalibration = reason
        }
    }

    /// The rated dimensions, from the attributes of labels.
    static func dimensions(_ labels: [String: Value]) -> [String] {
        labels["dimensions"]?.list?.compactMap(\.string) ?? []
    }

    private static func range(_ value: Value?) -> ClosedRange<Double>? {
        guard let pair = value?.list?.compactMap(\.double), pair.count == 2, pair[0] < pair[1],
            pair.allSatisfy(\.isFinite)
        else { return nil }
        return pair[0]...pair[1]
    }

    /// For `bundle.json`.
    var value: Value {
        [
            "origin": .map(origin), "dimensions": .list(dimensions.map { .string($0) }),
            "scales": .list(scales.map { [.double($0.lowerBound), .double($0.upperBound)] }),
            "training_songs": .int(trainingSongs),
            "scores": .map(scores.mapValues { .map($0.mapValues { .double($0) }) }), "data": .map(data),
            "licences": .map(licences.mapValues { .string($0) }),
            "calibration": calibration?.value ?? .null,
            "without_calibration": withoutCalibration.map { .string($0) } ?? .null,
        ]
    }

    /// Reads what `value` wrote; nil where it is something else.
    init?(_ value: Value?) {
        guard let map = value?.map, let origin = map["origin"]?.map, let songs = map["training_songs"]?.int else {
            return nil
        }
        self.origin = origin
        dimensions = map["dimensions"]?.list?.compactMap(\.string) ?? []
        scales = (map["scales"]?.list ?? []).compactMap { Self.range($0) }
        if scales.count != dimensions.count { scales = [] }
        trainingSongs = songs
        scores = (map["scores"]?.map ?? [:]).mapValues { ($0.map ?? [:]).compactMapValues(\.double) }
        data = map["data"]?.map ?? [:]
        licences = (map["licences"]?.map ?? [:]).compactMapValues(\.string)
        if let value = map["calibration"], value != .null {
            guard let calibration = ModelCalibration(value, dimensions: dimensions.count) else { return nil }
            self.calibration = calibration
        }
        withoutCalibration = map["without_calibration"]?.string
    }
}
