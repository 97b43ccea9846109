import SentioKit

/// Decodes the file that `claims:` names and collects every fault.
struct PublishedClaimsDecoder {
    static let fields = ["title", "opening", "claims"]
    static let claimFields = ["model", "claim", "status", "note"]
    static let maximumClaims = 500
    /// Limit on the characters of one text.
    static let maximumText = 2_000

    let file: PipelineFile
    private(set) var problems: [Diagnostic] = []

    init(file: PipelineFile) { self.file = file }

    /// A mapping of the file whose keys have been checked.
    private struct Fields {
        /// `A claim`.
        let owner: String
        let map: SpecMap
        let origin: SpecOrigin
        /// Keys that unknown ones probably meant. They are not reported as missing.
        let meant: Set<String>
    }

    /// nil if the file has a fault, which is then reported.
    mutating func decode(_ root: SpecNode) -> PublishedClaims? {
        guard let fields = fields(of: root, Self.fields, owner: "A claims file") else { return nil }
        let title = text("title", of: fields), opening = text("opening", of: fields), claims = claims(of: fields)
        guard let title, let opening, let claims, problems.isEmpty else { return nil }
        return PublishedClaims(title: title, opening: opening, claims: claims)
    }

    private mutating func claims(of fields: Fields) -> [PublishedClaims.Claim]? {
        guard let node = node("claims", of: fields) else { return nil }
        guard case .list(let nodes) = node.content, !nodes.isEmpty else {
            report(
                "`claims` must be a list of claims: `- { model: …, claim: …, status: measured, note: … }`.", node.origin
            )
            return nil
        }
        guard nodes.count <= Self.maximumClaims else {
            report("A claims file can have at most \(Self.maximumClaims) claims.", nodes[Self.maximumClaims].origin)
            return nil
        }
        return nodes.compactMap { claim($0) }
    }

    private mutating func claim(_ node: SpecNode) -> PublishedClaims.Claim? {
        guard let fields = fields(of: node, Self.claimFields, owner: "A claim") else { return nil }
        let model = text("model", of: fields), claim = text("claim", of: fields), status = status(of: fields)
        let note = text("note", of: fields)
        guard let model, let claim, let status, let note else { return nil }
        return PublishedClaims.Claim(model: model, claim: claim, status: status, note: note)
    }

    private mutating func status(of fields: Fields) -> PublishedClaims.Status? {
        guard let node = node("status", of: fields) else { return nil }
        if let status = node.string.flatMap(PublishedClaims.Status.init) { return status }
        let known = PublishedClaims.Status.allCases.map(\.rawValue)
        let hint = problems.suggestion(for: node.value.text, among: known).map { " Did you mean `\($0)`?" } ?? ""
        report("`status` must be `measured`, `flawed` or `never`.\(hint)", node.origin)
        return nil
    }

    private mutating func text(_ key: String, of fields: Fields) -> String? {
        guard let node = node(key, of: fields) else { return nil }
        guard case .scalar(let value) = node.content, value != .null, node.printed.contains(where: { !$0.isWhitespace })
        else {
            report("`\(key)` must be text and not empty.", node.origin)
            return nil
        }
        guard node.printed.unicodeScalars.count <= Self.maximumText else {
            report("`\(key)` has more than \(Self.maximumText) characters.", node.origin)
            return nil
        }
        return node.printed
    }

    /// The value of a key; nil if it is missing or broken, which is then reported.
    private mutating func node(_ key: String, of fields: Fields) -> SpecNode? {
        guard let node = fields.map[key] else {
            if !fields.meant.contains(key) { report("\(fields.owner) needs `\(key):`.", fields.origin) }
            return nil
        }
        return node.isBroken ? nil : node
    }

    private mutating func fields(of node: SpecNode, _ known: [String], owner: String) -> Fields? {
        guard let map = node.map else {
            let keys = known.map { "`\($0):`" }
            let list = keys.dropLast().joined(separator: ", ") + " and " + (keys.last ?? "")
            if !node.isBroken { report("\(owner) must be a mapping with \(list).", node.origin) }
            return nil
        }
        var meant: Set<String> = []
        for key in map.keys where !known.contains(key) {
            let near = problems.suggestion(for: key, among: known)
            near.map { _ = meant.insert($0) }
            let hint = near.map { " Did you mean `\($0)`?" } ?? " Allowed here: \(known.joined(separator: ", "))."
            report("Unknown key `\(key)`.\(hint)", map.entries[key]?.keyOrigin ?? node.origin)
        }
        return Fields(owner: owner, map: map, origin: node.origin, meant: meant)
    }

    private mutating func report(_ sentence: String, _ origin: SpecOrigin) {
        problems.append(file.diagnostic(sentence, at: origin))
    }
}
