import ArgumentParser
import SentioEngine
import SentioKit
import SentioPredict
import SentioRunStore

/// The trained model that an argument names: `latest`, `RUN`, `RUN:STAGE`, or the file of a bundle.
struct ModelReference {
    let text: String

    /// What `--help` says of such an argument.
    static let help =
        "The model: a bundle file, RUN:STAGE, or RUN if that run has one model. RUN is an id, a prefix of one, a "
        + "name, or `latest`."

    /// Reads the model.
    /// - Throws: `ValidationError` where the text names no model, with those that there are; exit code 1 where it
    ///   cannot be used.
    func bundle(_ workspace: WorkspaceOptions) throws -> ModelBundle {
        let registry = KnownKinds.registry
        if ModelBundle.isBundle(text) {
            do { return try ModelBundle(path: text, registry: registry) } catch { throw failed(error) }
        }
        if text.hasSuffix("." + ModelBundle.fileExtension), !Paths.exists(text) {
            throw ValidationError("There is no bundle \(text).")
        }
        if Paths.exists(text), !Paths.isDirectory(text) {
            throw failed(
                PredictError("\(text) is not a model bundle. `sentio-pipeline models export` writes one."))
        }
        let (run, wanted) = try run(workspace)
        let stage = try stage(wanted, of: run, registry)
        do {
            return try ModelBundle(
                stage: stage, of: run, in: try workspace.open(), registry: registry, program: SentioVersion.text)
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }

    private func run(_ workspace: WorkspaceOptions) throws -> (RunDetails, stage: String?) {
        guard Paths.exists(workspace.path + "/runs.sqlite") else {
            throw ValidationError(
                "`\(text)` is not a bundle file, and \(workspace.path) has no runs. Name a bundle, or run a pipeline "
                    + "first.")
        }
        let store = try workspace.runStore()
        func details(_ name: String) throws -> RunDetails {
            do { return try store.details(try store.run(matching: name)) } catch { throw failed(error) }
        }
        guard let colon = text.lastIndex(of: ":") else { return (try details(text), nil) }
        return (try details(String(text[..<colon])), String(text[text.index(after: colon)...]))
    }

    private func stage(_ wanted: String?, of run: RunDetails, _ registry: StageRegistry) throws -> StageDetails {
        let models = SliceBuilder.models(of: run, registry: registry), id = run.summary.id
        guard let wanted else {
            if models.count == 1 { return models[0] }
            throw ValidationError(
                models.isEmpty
                    ? "Run \(id) of \(run.summary.pipeline) has no model that rates songs."
                    : "Run \(id) has \(models.count) models; name one of them:\n" + Self.list(models, of: run, as: text)
            )
        }
        if let stage = models.first(where: { $0.stage == wanted }) { return stage }
        let hint =
            Suggestion.nearest(to: wanted, among: models.map(\.stage)).map { " Did you mean `\($0)`?" } ?? ""
        let what =
            run.stages.contains { $0.stage == wanted }
            ? "`\(wanted)` of run \(id) has no model that rates songs." : "Run \(id) has no stage `\(wanted)`.\(hint)"
        throw ValidationError(
            models.isEmpty
                ? "\(what) That run fitted no model; `sentio-pipeline runs list` shows the others."
                : "\(what) Its models:\n" + Self.list(models, of: run, as: id))
    }

    /// A line for each model, with the score of its predictions; copies inside groups come last.
    private static func list(_ models: [StageDetails], of run: RunDetails, as name: String) -> String {
        let own = models.filter { $0.copies == nil }, rest = models.count - own.count
        let lines = (own.isEmpty ? models : own).map { stage -> String in
            let predictions = Set(stage.outputs.values)
            let scores = run.stages.first { reader in
                reader.inputs["predictions"].map(predictions.contains) ?? false && reader.metrics["test.r2"] != nil
            }
            let score = scores?.metrics["test.r2"].map { ", test R² \(Words.fixed($0, 3))" } ?? ""
            return "  \(name):\(stage.stage)  (\(stage.kind)\(score))"
        }
        let more = rest > 0 && !own.isEmpty ? ["  and \(rest) models fitted inside groups"] : []
        return (lines + more).joined(separator: "\n")
    }
}
