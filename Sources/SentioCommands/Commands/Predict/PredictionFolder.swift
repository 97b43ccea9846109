import SentioKit

/// Where predictions keep their cache: apart from experiments, so that `latest` stays the latest run.
struct PredictionFolder {
    let path: String

    /// `predict` in the workspace that is named or exists; otherwise `sentio/predict` in the user's cache folder.
    init(_ workspace: WorkspaceOptions) {
        if workspace.artifacts != nil || Environment["SENTIO_ARTIFACTS"] != nil || Paths.isDirectory(workspace.path) {
            path = workspace.path + "/predict"
        } else {
            let cache = Environment["XDG_CACHE_HOME"] ?? Environment["HOME"].map { $0 + "/.cache" } ?? "artifacts"
            path = cache + "/sentio/predict"
        }
    }
}
