/// A file or folder outside the store that a stage depends on.
public struct SourceRequest: Sendable, Equatable {
    public enum Form: Sendable, Equatable {
        case file
        /// All regular files below a folder whose extension (lower case) is in the set; nil: all files.
        case folder(extensions: Set<String>?)
        /// A file, or, where the path is a folder on disk, all regular files below it.
        case fileOrFolder
        /// Single values of a YAML or JSON file, by dotted keys; the rest of the file does not count.
        case values(keys: [String])
    }

    /// How the stage asks for it: `context.sourceFiles("annotations")`. Part of the key.
    public let name: String
    /// Relative to the folder of the pipeline file, or absolute. Never part of the key.
    public let path: String
    public let form: Form
    public let isOptional: Bool
    /// A folder above `path` whose `.sentioignore` counts too: a dataset's, for its `audio`.
    public let ignoreRoot: String?

    public init(_ name: String, path: String, form: Form = .file, isOptional: Bool = false, ignoreRoot: String? = nil) {
        self.name = name
        self.path = path
        self.form = form
        self.isOptional = isOptional
        self.ignoreRoot = ignoreRoot
    }
}

/// Something below a requested source that is no file, and why it was left out.
public struct LeftOutFile: Sendable, Equatable {
    /// Relative to the requested folder; for a file its own name. What is not UTF-8 stands there as `\xE9`.
    public let name: String
    /// The end of a sentence about it: `is a broken symbolic link (its target x does not exist)`.
    public let problem: String

    public init(name: String, problem: String) {
        self.name = name
        self.problem = problem
    }

    public var sentence: String { "\(name) \(problem)" }
}

/// A file that answered a `SourceRequest`.
public struct SourceFile: Sendable, Equatable {
    /// Relative to the requested folder; for a file its own name.
    public let name: String
    public let path: String
    public let blob: BlobReference

    public init(name: String, path: String, blob: BlobReference) {
        self.name = name
        self.path = path
        self.blob = blob
    }
}
