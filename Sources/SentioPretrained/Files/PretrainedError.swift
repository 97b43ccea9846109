/// Published weights that cannot be obtained or used.
public enum PretrainedError: Error, Equatable, Sendable {
    case archive(String)
    case checkpoint(String)
    case wrongWheel(path: String, found: String, expected: String)
    case foreignWeights(model: String, reason: String)
    case unknownModel(String, suggestion: String?)
    case missing(model: String, path: String)
    case file(path: String, reason: String)
    case download(command: String, reason: String)
}

extension PretrainedError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .archive(let reason): "The wheel cannot be read: \(reason)."
        case .checkpoint(let reason): "The TensorFlow checkpoint cannot be read: \(reason)."
        case .wrongWheel(let path, let found, let expected):
            "\(path) is not the published wheel: its SHA-256 is \(found), expected \(expected). Download it again."
        case .foreignWeights(let model, let reason): "These are not the weights of `\(model)`: \(reason)."
        case .unknownModel(let name, let suggestion):
            "There is no pretrained model `\(name)`." + (suggestion.map { " Did you mean `\($0)`?" } ?? "")
                + " `sentio-pipeline models list` shows all models."
        case .missing(let model, let path):
            "The weights of `\(model)` are not on this machine (\(path)). Get them with `sentio-pipeline models get "
                + "\(model)`."
        case .file(let path, let reason): "\(path): \(reason)."
        case .download(let command, let reason): "The wheel could not be downloaded with `\(command)`: \(reason)"
        }
    }
}
