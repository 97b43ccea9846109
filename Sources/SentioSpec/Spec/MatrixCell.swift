import SentioKit

/// Names of the cells of a `matrix:`: `dim=64,lr=0.1`. They are also names of folders and random streams, so they must
/// not change: only characters that cannot be in a name are escaped, in each value separately.
enum MatrixCell {
    /// File systems allow names of 255 bytes; a stage may use 200.
    static let maximumValueBytes = 80

    static func name(_ cell: [(key: String, node: SpecNode)]) -> String {
        cell.map { "\($0.key)=\(text($0.node))" }.joined(separator: ",")
    }

    /// A secret that the names of the cells would reveal: an axis, an entry of a mapping, or a param that a value
    /// refers to, if its name is that of a secret.
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

    /// A value as part of a name: the `name` of a mapping, else its entries.
    private static func text(_ node: SpecNode) -> String {
        guard let map = node.map else { return legal(node.value.text) }
        if let name = map["name"], name.map == nil, !name.isNull { return legal(name.value.text) }
        let keys = map.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return legal(keys.map { "\($0):\(map[$0]?.value.text ?? "")" }.joined(separator: ";"))
    }

    /// Escapes `/` and control characters as `%2F`, and shortens long text, adding part of its hash to keep it
    /// distinct.
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
