import SentioKit

/// Names of the cells of a `matrix:`: `dim=64,lr=0.1`. They are names of folders too, and of random streams: what could
/// be in a name stays as it is, and only what could not is written in another way, for each value by itself.
enum MatrixCell {
    /// File systems allow 255 bytes for a name; a stage has 200.
    static let maximumValueBytes = 80

    static func name(_ cell: [(key: String, node: SpecNode)]) -> String {
        cell.map { "\($0.key)=\(text($0.node))" }.joined(separator: ",")
    }

    /// What of a matrix would be told by the names of its cells although it is a secret by its name: an axis, an entry
    /// of a value that is a map, or a param that a value takes up.
    static func secret(in matrix: SpecMap) -> (name: String, origin: SpecOrigin)? {
        for key in matrix.keys {
            guard let entry = matrix.entries[key] else { continue }
            if Secrets.isSecret(key) { return (key, entry.keyOrigin) }
            if let found = secret(named: entry.node) { return found }
        }
        return nil
    }

    private static func secret(named value: SpecNode) -> (name: String, origin: SpecOrigin)? {
        switch value.content {
        case .scalar(.string(let text)):
            let names = Interpolation.references(in: text).map { $0.joined(separator: ".") }
            return names.first(where: Secrets.isSecret).map { ($0, value.origin) }
        case .scalar: return nil
        case .list(let nodes):
            for node in nodes { if let found = secret(named: node) { return found } }
            return nil
        case .map(let map):
            if let name = map["name"], name.map == nil, !name.isNull { return secret(named: name) }
            for key in map.keys {
                guard let entry = map.entries[key] else { continue }
                if Secrets.isSecret(key) { return (key, entry.keyOrigin) }
                if let found = secret(named: entry.node) { return found }
            }
            return nil
        }
    }

    /// A value as a name: of a map its `name`, else its entries.
    private static func text(_ node: SpecNode) -> String {
        guard let map = node.map else { return legal(node.value.text) }
        if let name = map["name"], name.map == nil, !name.isNull { return legal(name.value.text) }
        let keys = map.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return legal(keys.map { "\($0):\(map[$0]?.value.text ?? "")" }.joined(separator: ";"))
    }

    /// `/` and control characters as `%2F`, and what is too long cut, with a piece of its hash to tell it from others.
    private static func legal(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if scalar == "/" || scalar.value < 0x20 || scalar.value == 0x7F {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                out += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        guard out.utf8.count > maximumValueBytes * 2 else { return out }
        var short = ""
        for character in out where short.utf8.count + character.utf8.count <= maximumValueBytes {
            short.append(character)
        }
        return short + "~" + Hashing.content(text).hex.prefix(8)
    }
}
