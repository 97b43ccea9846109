/// What a YAML file is read as, for the sentences about it.
struct YAMLSubject {
    /// `pipeline`.
    let name: String
    /// The key without which there is none.
    let key: String
    /// A larger file is not read.
    let maximumBytes: Int

    static let pipeline = YAMLSubject(name: "pipeline", key: "stages", maximumBytes: YAMLReader.maximumBytes)
    static let claims = YAMLSubject(name: "claims", key: "claims", maximumBytes: 256 << 10)
}
