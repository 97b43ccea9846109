import SentioKit

/// Names of the cells of a `matrix:`: `dim=64,lr=0.1`. They are names of folders too, and of random streams: what could be in
/// a name stays as it is, and only what could not is written in another way, for each value by itself.
enum MatrixCell {
    /// File systems allow 255 bytes for a name; a stage has 200.
    static let maximumValueBytes = 80

    static func name(_ cell: [(key: String, node: SpecNode)]) -> String {
        cell.map { "\($0.key)=\(text($0.node))" }.joined(separator: ",")
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
        for character in out where short.utf8.count + character.utf8.count <= maximumValueBytes { short.append(character) }
        return short + "~" + Hashing.content(text).hex.prefix(8)
    }
}
