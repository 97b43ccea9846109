/// How much data is on a port, measured or forecast.
public struct Amount: Sendable, Equatable {
    /// Items of a collection, rows of a table, or files of any other artifact.
    public var items: Double
    /// Total size of the files in bytes; nil if unknown.
    public var bytes: Double?
    /// Attributes of the artifact, such as `n_mels` and `sample_rate`.
    public var attributes: [String: Value]

    /// An amount as a stage kind forecasts it.
    public init(items: Double, bytes: Double? = nil, attributes: [String: Value] = [:]) {
        self.items = items
        self.bytes = bytes
        self.attributes = attributes
    }

    /// The amount of an existing artifact.
    public init(_ manifest: Manifest) {
        let count = manifest.form == .table ? manifest.rows.count : manifest.entries.count
        self.init(items: Double(count), bytes: Double(manifest.totalBytes), attributes: manifest.attributes)
    }

    /// Average size of an item in bytes; nil if there are no items or the size is unknown.
    public var bytesPerItem: Double? { items > 0 ? bytes.map { $0 / items } : nil }
}
