/// A file or folder outside the store that a stage depends on.
public struct SourceRequest: Sendable, Equatable {
    /// What lies at the path.
    public enum Form: Sendable, Equatable {
        case file
        /// All regular files below a folder whose extension (lower case) is in the set; nil: all files.
        case folder(extensions: Set<String>?)
        /// A file, or, where the path is a folder on disk, all regular files below it.
        case fileOrFolder
        /// Single values of a YAML or JSON file, by dotted keys; the rest of the file is not part of the key.
        case values(keys: [String])
    }

    /// How the stage asks for it: `context.sourceFiles("annotations")`. Part of the key.
    public let name: String
    /// Relative to the folder of the pipeline file, or absolute. Never part of the key.
    public let path: String
    /// What lies at the path.
    public let form: Form
    /// Whether the stage runs without it.
    public let isOptional: Bool
    /// A folder above `path` whose `.sentioignore` applies too: a dataset's, for its `audio`.
    public let ignoreRoot: String?
    /// A folder whose own files, without those of its subfolders, answer a request for a folder that does not exist.
    /// Only with `isOptional`; never part of the key.
    public let fallback: String?

    /// By default a required file.
    public init(
        _ name: String, path: String, form: Form = .file, isOptional: Bool = false, ignoreRoot: String? = nil,
        fallback: String? = nil
    ) {
        self.name = name
        self.path = path
        self.form = form
        self.isOptional = isOptional
        self.ignoreRoot = ignoreRoot
        self.fallback = fallback
    }
}

/// Something below a requested source that is not a file, and why it was left out.
public struct LeftOutFile: Sendable, Equatable {
    /// Relative to the requested folder; for a file its own name. Bytes that are not UTF-8 are escaped: `\xE9`.
    public let name: String
    /// The end of a sentence about it: `is a broken symbolic link (its target x does not exist)`.
    public let problem: String

    /// What was left out, and why.
    public init(name: String, problem: String) {
        self.name = name
        self.problem = problem
    }

    /// The name and the problem.
    public var sentence: String { "\(name) \(problem)" }
}

/// A file that answered a `SourceRequest`.
public struct SourceFile: Sendable, Equatable {
    /// Relative to the requested folder; for a file its own name.
    public let name: String
    /// Where it lies.
    public let path: String
    /// Its content, as it was when the stage's key was computed.
    public let blob: BlobReference

    /// A file and its content.
    public init(name: String, path: String, blob: BlobReference) {
        self.name = name
        self.path = path
        self.blob = blob
    }
}
