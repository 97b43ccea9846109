/// What a YAML file is read as, for messages and limits.
struct YAMLSubject {
    /// `pipeline`.
    let name: String
    /// The key that it must have.
    let key: String
    /// Size limit in bytes.
    let maximumBytes: Int

    static let pipeline = YAMLSubject(name: "pipeline", key: "stages", maximumBytes: YAMLReader.maximumBytes)
    static let claims = YAMLSubject(name: "claims", key: "claims", maximumBytes: 256 << 10)
}
