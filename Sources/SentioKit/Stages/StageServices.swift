/// What the engine does for a running stage; its test double is `RecordingServices`.
public protocol StageServices: Sendable {
    /// A line in the stage's log.
    func log(_ line: String)
    /// A warning about the result. The record keeps it, and it is repeated whenever the result comes from the cache.
    func warn(_ sentence: String)
    /// A remark about this attempt only (a checkpoint that could not be used, blobs that were rebuilt): shown once, not
    /// kept.
    func remark(_ sentence: String)
    /// Progress in whatever the stage counts (epochs, trees, songs).
    func progress(done: Int, of total: Int, note: String)
    /// A scalar of the stage; kept in the record and replayed when the stage is cached.
    func metric(_ name: String, _ value: Double)
    /// A point of a series: loss over epochs.
    func series(_ name: String, step: Int, _ value: Double)
    /// Whether the run is stopping; long loops check it now and then.
    var isCancelled: Bool { get }
    /// Stores a checkpoint atomically; it survives a kill and is removed when the stage has finished (but see
    /// `StageKind.continuesOver`).
    /// - Parameter mark: How far the stage is: what a plan shows, and how it estimates the rest.
    func saveCheckpoint(_ bytes: [UInt8], name: String, at mark: CheckpointMark) throws
    /// The last checkpoint of that name that an earlier attempt at the same stage key left.
    func loadCheckpoint(name: String) throws -> [UInt8]?
    /// Called by a stage that resumes from a checkpoint it loaded: the time of the earlier attempts then counts toward
    /// its cost.
    func goesOn(from mark: CheckpointMark)
}

extension StageServices {
    /// Does nothing.
    public func goesOn(from mark: CheckpointMark) {}
}

/// Thrown by a stage that was asked to stop.
public struct StageCancelled: Error, Sendable, CustomStringConvertible {
    /// The error.
    public init() {}
    public var description: String { "The run was stopped." }
}

/// A scored song is among those that its predictor was fitted on. Ends the run with an exit code of its own.
public struct LeakageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Ids of the songs, sorted.
    public let songs: [String]
    /// The name of the port with the predictions.
    public let port: String
    /// Those of which another copy was seen rather than the song itself, sorted.
    public let copies: [String]

    /// Sorts the ids.
    public init(songs: [String], port: String, copies: [String] = []) {
        self.songs = songs.sorted()
        self.port = port
        self.copies = copies.sorted()
    }

    private static func list(_ songs: [String]) -> String {
        songs.prefix(10).joined(separator: ", ") + (songs.count > 10 ? " and \(songs.count - 10) more" : "")
    }

    public var description: String {
        let named = Self.list(songs)
        let note = copies.isEmpty ? "" : " Seen as another copy of the same recording: \(Self.list(copies))."
        return
            "Leakage: \(songs.count == 1 ? "a scored song was" : "\(songs.count) scored songs were") seen in training "
            + "by what made `\(port)` (model, scaler or normalizer): \(named).\(note) A score on them would be "
            + "meaningless. Split before anything is fitted, and pass the same split to every stage that fits."
    }
}
