import SentioBase

/// Environment variables; an empty variable counts as not set.
enum Environment {
    static subscript(name: String) -> String? {
        guard let text = getenv(name) else { return nil }
        let value = String(cString: text)
        return value.isEmpty ? nil : value
    }
}
