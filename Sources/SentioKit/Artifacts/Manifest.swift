/// The content of an artifact, itself a blob: its hash is the artifact's hash.
public struct Manifest: Sendable, Equatable {
    public var type: String
    public var form: ArtifactType.Form
    /// False for an artifact that only says which song has which role.
    public var carriesSongData: Bool
    /// What readers must know: `sample_rate`, `columns`, `scale`…
    public var attributes: [String: Value]
    /// Files (of a collection: items), in byte order of their names.
    public var entries: [Entry]
    /// Rows of a table, in byte order of their ids; empty for the other forms.
    public var rows: [Row]
    /// Sets of songs that something fitted saw; entries and rows point into it.
    public var fittedSets: [Lineage]
    /// The songs that reached the artifact as a whole: a model's training songs. For items and rows see theirs.
    public var lineage: Lineage

    /// One file of an artifact; in a collection, one item.
    public struct Entry: Sendable, Equatable {
        /// The song's id; for files their relative path.
        public var id: String
        /// The name under which it is exported.
        public var file: String
        public var blob: BlobReference
        /// The original songs it describes, by content of their source.
        public var sources: [ContentHash]
        /// Index into `fittedSets` of the songs that what made it was fitted on.
        public var fitted: Int?

        public init(id: String, file: String, blob: BlobReference, sources: [ContentHash] = [], fitted: Int? = nil) {
            self.id = id
            self.file = file
            self.blob = blob
            self.sources = sources
            self.fitted = fitted
        }
    }

    /// The lineage of one row of a table.
    public struct Row: Sendable, Equatable {
        public var id: String
        public var sources: [ContentHash]
        public var fitted: Int?

        public init(id: String, sources: [ContentHash], fitted: Int? = nil) {
            self.id = id
            self.sources = sources
            self.fitted = fitted
        }
    }

    public init(
        type: ArtifactType, attributes: [String: Value] = [:], entries: [Entry] = [], rows: [Row] = [],
        fittedSets: [Lineage] = [], lineage: Lineage = Lineage()
    ) {
        self.type = type.name
        form = type.form
        carriesSongData = type.carriesSongData
        self.attributes = attributes
        self.entries = entries.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        self.rows = rows.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        self.fittedSets = fittedSets
        self.lineage = lineage
    }

    /// Every song that reached anything in the artifact; empty where it says nothing about songs.
    public var allSongs: Lineage {
        guard carriesSongData else { return Lineage() }
        var songs = lineage
        for entry in entries { songs.insert(entry.sources) }
        for row in rows { songs.insert(row.sources) }
        for set in fittedSets { songs.formUnion(set) }
        return songs
    }

    /// Bytes of all blobs.
    public var totalBytes: Int { entries.reduce(0) { $0 + $1.blob.size } }
}

/// A blob: its address and its size in bytes.
public struct BlobReference: Hashable, Sendable {
    public let hash: ContentHash
    public let size: Int

    public init(hash: ContentHash, size: Int) {
        self.hash = hash
        self.size = size
    }
}

/// A set of original songs, by the content of their source. It cannot shrink: lineage is only ever added to.
public struct Lineage: Sendable, Equatable {
    public private(set) var songs: Set<ContentHash>

    public init(_ songs: some Sequence<ContentHash> = []) { self.songs = Set(songs) }

    public var isEmpty: Bool { songs.isEmpty }
    public func contains(_ song: ContentHash) -> Bool { songs.contains(song) }
    public mutating func formUnion(_ other: Lineage) { songs.formUnion(other.songs) }
    public mutating func insert(_ sources: [ContentHash]) { songs.formUnion(sources) }
}
