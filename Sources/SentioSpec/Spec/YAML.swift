package import SentioKit

/// Reads YAML that is no pipeline file, by the same rules: YAML 1.2's core schema, within `YAMLReader`'s bounds.
package enum YAML {
    /// - parameter path: for the sentences about it.
    /// - throws: `Diagnostic` with the first fault.
    package static func parse(_ bytes: [UInt8], path: String) throws -> Value {
        var problems: [Diagnostic] = []
        let node = try YAMLReader(file: path, bytes: bytes).read(problems: &problems)
        if let problem = problems.first { throw problem }
        return node.value
    }
}
