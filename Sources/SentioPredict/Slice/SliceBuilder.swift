public import SentioKit
public import SentioRunStore
import SentioSongStages

/// Finds the slice of a run behind one of its models.
///
/// It follows the artifacts from the model's inputs back to the songs. What becomes of a stage on the way is stated by
/// its kind (`StageKind.application`).
public struct SliceBuilder {
    /// A slice, with the artifacts that it uses by the name of their stage.
    public struct Result {
        /// The slice.
        public let slice: Slice
        /// The hash of the manifest of each stored artifact.
        public let artifacts: [String: ContentHash]
    }

    private let run: RunDetails
    private let registry: StageRegistry
    private let type: (ContentHash) throws -> (name: String, carriesSongData: Bool)
    private let makers: [String: (stage: StageDetails, port: String)]

    private var stages: [Slice.Stage] = []
    private var stored: [Slice.Stored] = []
    private var artifacts: [String: ContentHash] = [:]
    /// The names in the slice of the run's stages, and of stored artifacts by hash.
    private var names: [String: String] = [:]

    /// - Parameter type: the type of a stored artifact.
    public init(
        _ run: RunDetails, registry: StageRegistry,
        type: @escaping (ContentHash) throws -> (name: String, carriesSongData: Bool)
    ) {
        self.run = run
        self.registry = registry
        self.type = type
        var makers: [String: (stage: StageDetails, port: String)] = [:]
        for stage in run.stages {
            for (port, hash) in stage.outputs.sorted(by: { $0.key < $1.key }) where makers[hash] == nil {
                makers[hash] = (stage, port)
            }
        }
        self.makers = makers
    }

    /// The stages of a run that fitted a model which can rate new songs, in the order of the pipeline.
    public static func models(of run: RunDetails, registry: StageRegistry) -> [StageDetails] {
        run.stages.filter { stage in
            guard case .model(let application)? = registry[stage.kind]?.application else { return false }
            return stage.outputs[application.model.name] != nil
        }
    }

    /// The slice behind the model of a stage.
    /// - Throws: `PredictError` naming the stage that cannot be applied to new songs; what `type` throws.
    public mutating func slice(of stage: StageDetails) throws -> Result {
        guard case .model(let application)? = registry[stage.kind]?.application else {
            throw PredictError("`\(stage.stage)` (\(stage.kind)) of run \(run.summary.id) fits no model.")
        }
        let rater = try apply(stage, application)
        return Result(
            slice: Slice(
                stages: stages, stored: stored, rater: rater, predictions: application.predictions.name),
            artifacts: artifacts)
    }

    /// Adds the stage that applies a model; returns its name.
    private mutating func apply(_ stage: StageDetails, _ application: ModelApplication) throws -> String {
        if let name = names[stage.stage] { return name }
        guard let hash = stage.outputs[application.model.name] else {
            throw PredictError(
                "`\(stage.stage)` of run \(run.summary.id) did not finish, so it has no model (\(stage.state)).")
        }
        let name = unique(stage.stage)
        var inputs = ["model": try store(hash, as: name + "-model")]
        for port in application.references {
            if let hash = stage.outputs[port.name] { inputs[port.name] = try store(hash, as: "\(name)-\(port.name)") }
        }
        for (input, hash) in stage.inputs.sorted(by: { $0.key < $1.key }) {
            if let target = application.input(input) { inputs[target] = try reference(hash, from: stage, input) }
        }
        names[stage.stage] = name
        stages.append(Slice.Stage(name: name, kind: application.kind, parameters: [:], inputs: inputs))
        return name
    }

    /// The output in the slice that stands for an artifact of the run.
    private mutating func reference(_ hash: String, from reader: StageDetails, _ input: String) throws -> String {
        guard let (maker, port) = makers[hash] else {
            throw PredictError(
                "The input `\(input)` of `\(reader.stage)` was not made in run \(run.summary.id), so the way from "
                    + "sound to rating is not known. Run the pipeline again, and use that run.")
        }
        guard let kind = registry[maker.kind] else {
            throw PredictError("This program has no stage kind `\(maker.kind)`, which run \(run.summary.id) used.")
        }
        switch kind.application {
        case .songs(let output) where output.name == port: return "\(Slice.songs).\(SoundFilesStage.audio.name)"
        case .again: return try "\(repeated(maker)).\(port)"
        case .passThrough(let through):
            guard let hash = maker.inputs[through.name] else { break }
            return try reference(hash, from: maker, through.name)
        case .stored: return try store(hash, as: unique(maker.stage))
        case .model(let application) where application.predictions.name == port:
            return try "\(apply(maker, application)).\(port)"
        case .songs, .model, .none: break
        }
        throw PredictError(
            "The model of `\(reader.stage)` cannot rate new songs: its input `\(input)` is `\(port)` of "
                + "`\(maker.stage)` (\(maker.kind)), which a new song does not have.")
    }

    private mutating func repeated(_ stage: StageDetails) throws -> String {
        if let name = names[stage.stage] { return name }
        var inputs: [String: String] = [:]
        for (input, hash) in stage.inputs.sorted(by: { $0.key < $1.key }) {
            inputs[input] = try reference(hash, from: stage, input)
        }
        let name = unique(stage.stage)
        names[stage.stage] = name
        stages.append(
            Slice.Stage(
                name: name, kind: stage.kind, parameters: stage.configuration.filter { $0.value != .null },
                inputs: inputs))
        return name
    }

    /// The output in the slice of an artifact that is used as it is.
    private mutating func store(_ hash: String, as name: String) throws -> String {
        if let name = names["artifact " + hash] { return "\(name).\(StoredArtifactStage.artifact)" }
        guard let content = ContentHash(hex: hash) else {
            throw PredictError("Run \(run.summary.id) records the damaged hash \(Excerpt.text(hash)).")
        }
        let type = try type(content)
        names["artifact " + hash] = name
        artifacts[name] = content
        stored.append(Slice.Stored(name: name, type: type.name, carriesSongData: type.carriesSongData))
        return "\(name).\(StoredArtifactStage.artifact)"
    }

    /// A name for a stage: the last part of its name in the run, without cells, made unique.
    private func unique(_ stage: String) -> String {
        let label = stage.split(separator: "@").first.map(String.init) ?? stage
        let last = label.split(separator: ".").last.map(String.init) ?? label
        let plain = String(last.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
        let taken = Set(stages.map(\.name) + stored.map(\.name) + [Slice.songs])
        var name = plain.isEmpty ? "stage" : plain, number = 2
        while taken.contains(where: { $0 == name || $0.hasPrefix(name + "-") }) {
            name = "\(plain)-\(number)"
            number += 1
        }
        return name
    }
}
