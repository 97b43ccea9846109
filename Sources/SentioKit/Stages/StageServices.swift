/// What the engine does for a running stage; the twin for tests is `RecordingServices`.
public protocol StageServices: Sendable {
    /// A line in the stage's log.
    func log(_ line: String)
    /// A sentence about the result that the user should see. It belongs to what the stage leaves: the record keeps it,
    /// and it is said again whenever that record answers.
    func warn(_ sentence: String)
    /// A sentence about this attempt only (a checkpoint that could not be used, blobs made again): shown once, not
    /// kept.
    func remark(_ sentence: String)
    /// Progress in whatever the stage counts (epochs, trees, songs).
    func progress(done: Int, of total: Int, note: String)
    /// A scalar of the stage; kept in the record and replayed when the stage is cached.
    func metric(_ name: String, _ value: Double)
    /// A point of a series: loss over epochs.
    func series(_ name: String, step: Int, _ value: Double)
    /// Whether the run is stopping; long loops ask now and then.
    var isCancelled: Bool { get }
    /// Stores a checkpoint atomically; it survives a kill and is dropped when the stage has finished (but see
    /// `Stage.continuesOver`).
    /// - parameter mark: how far the stage is: what a plan says of it, and what it prices the rest by.
    func saveCheckpoint(_ bytes: [UInt8], name: String, at mark: CheckpointMark) throws
    /// The last checkpoint of that name which an earlier attempt at the same stage key left.
    func loadCheckpoint(name: String) throws -> [UInt8]?
    /// Told by a stage that goes on from the checkpoint that it loaded: what the attempts before took is part of its
    /// cost.
    func goesOn(from mark: CheckpointMark)
}

extension StageServices {
    public func goesOn(from mark: CheckpointMark) {}
}

/// Thrown out of a stage that was asked to stop.
public struct StageCancelled: Error, Sendable, CustomStringConvertible {
    public init() {}
    public var description: String { "The run was stopped." }
}

/// A scored song is among the songs that what predicted it was fitted on. Ends the run with its own exit code.
public struct LeakageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Ids of the songs, sorted.
    public let songs: [String]
    public let port: String

    public init(songs: [String], port: String) {
        self.songs = songs.sorted()
        self.port = port
    }

    public var description: String {
        let named = songs.prefix(10).joined(separator: ", ") + (songs.count > 10 ? " and \(songs.count - 10) more" : "")
        return
            "Leakage: \(songs.count == 1 ? "a scored song was" : "\(songs.count) scored songs were") seen in training "
            + "by what made `\(port)` (model, scaler or normaliser): \(named). A score on them would be worth "
            + "nothing. Split before anything is fitted, and pass the same split to every stage that fits."
    }
}
