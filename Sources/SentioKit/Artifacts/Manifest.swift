/// The content of an artifact. It is stored as a blob, whose hash is the artifact's hash.
public struct Manifest: Sendable, Equatable {
    /// Name of the `ArtifactType`.
    public var type: String
    /// Form of the `ArtifactType`.
    public var form: ArtifactType.Form
    /// False for an artifact that only assigns roles to songs.
    public var carriesSongData: Bool
    /// What readers need to know, such as `sample_rate`, `columns` or `scale`.
    public var attributes: [String: Value]
    /// Files, or items of a collection, in byte order of their ids.
    public var entries: [Entry]
    /// Rows of a table, in byte order of their ids; empty for the other forms.
    public var rows: [Row]
    /// Sets of songs that models, scalers and the like were fitted on; entries and rows refer to them by index.
    public var fittedSets: [Lineage]
    /// Songs that reached the artifact as a whole, such as a model's training songs. Entries and rows have their own.
    public var lineage: Lineage

    /// One file of an artifact; in a collection, one item.
    public struct Entry: Sendable, Equatable {
        /// The id of the song, or the relative path of a file.
        public var id: String
        /// Its file name on export.
        public var file: String
        /// Its content.
        public var blob: BlobReference
        /// The original songs it describes, by the content hash of their source.
        public var sources: [ContentHash]
        /// Index into `fittedSets` of the songs that its producer was fitted on; nil if nothing was fitted.
        public var fitted: Int?

        /// An entry; by default one without lineage.
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
        /// The id in the first column.
        public var id: String
        /// The original songs it describes, by the content hash of their source.
        public var sources: [ContentHash]
        /// Index into `fittedSets`; nil if nothing was fitted.
        public var fitted: Int?

        /// The lineage of the row `id`.
        public init(id: String, sources: [ContentHash], fitted: Int? = nil) {
            self.id = id
            self.sources = sources
            self.fitted = fitted
        }
    }

    /// Sorts entries and rows by id; the type gives name, form and whether it carries song data.
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

    /// Every song that reached any part of the artifact; empty if it carries no song data.
    public var allSongs: Lineage {
        guard carriesSongData else { return Lineage() }
        var songs = lineage
        for entry in entries { songs.insert(entry.sources) }
        for row in rows { songs.insert(row.sources) }
        for set in fittedSets { songs.formUnion(set) }
        return songs
    }

    /// Total size of the blobs in bytes.
    public var totalBytes: Int { entries.reduce(0) { $0 + $1.blob.size } }
}

/// A blob: its address and its size in bytes.
public struct BlobReference: Hashable, Sendable {
    /// SHA-256 of the content.
    public let hash: ContentHash
    /// Size in bytes.
    public let size: Int

    /// Refers to a blob without checking that it exists.
    public init(hash: ContentHash, size: Int) {
        self.hash = hash
        self.size = size
    }
}

/// A set of original songs, by the content hash of their source. It can only grow.
public struct Lineage: Sendable, Equatable {
    /// Content hashes of the songs' sources.
    public private(set) var songs: Set<ContentHash>

    /// A set of songs, empty by default.
    public init(_ songs: some Sequence<ContentHash> = []) { self.songs = Set(songs) }

    /// Whether no song reached it.
    public var isEmpty: Bool { songs.isEmpty }
    /// Whether a song is in the set.
    public func contains(_ song: ContentHash) -> Bool { songs.contains(song) }
    /// Adds the songs of another set.
    public mutating func formUnion(_ other: Lineage) { songs.formUnion(other.songs) }
    /// Adds songs by the content hashes of their sources.
    public mutating func insert(_ sources: [ContentHash]) { songs.formUnion(sources) }
}
