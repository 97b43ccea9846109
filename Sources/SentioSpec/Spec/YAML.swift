package import SentioKit

/// Parses YAML other than pipeline files by the same rules: YAML 1.2's core schema, within the limits of `YAMLReader`.
package enum YAML {
    /// Parses one document.
    /// - Parameter path: for messages.
    /// - Throws: `Diagnostic` with the first fault.
    package static func parse(_ bytes: [UInt8], path: String) throws -> Value {
        var problems: [Diagnostic] = []
        let node = try YAMLReader(file: path, bytes: bytes).read(problems: &problems)
        if let problem = problems.first { throw problem }
        return node.value
    }
}
