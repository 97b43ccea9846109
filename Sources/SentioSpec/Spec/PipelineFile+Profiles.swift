import SentioKit

extension PipelineFile {
    /// What a profile says about itself: the only key that overrides nothing.
    private static let own = "description"

    /// Reads which profiles there are and what they are for, and reports what is wrong with them. What a profile
    /// overrides is checked when it is applied.
    mutating func readProfiles(_ root: SpecNode) {
        guard let node = root.map?["profiles"], !node.isNull else { return }
        guard let map = node.map else {
            return report("`profiles` maps names to what each profile overrides.", at: node.origin)
        }
        for name in map.keys {
            guard let profile = map[name] else { continue }
            if profile.map == nil, !profile.isNull {
                report("The profile `\(name)` is a mapping of what it overrides.", at: profile.origin)
            }
            var description: String?
            if let text = profile.map?[Self.own], !text.isNull {
                if case .scalar = text.content {
                    description = text.printed
                } else {
                    report("`\(Self.own)` of the profile `\(name)` is a text.", at: text.origin)
                }
            }
            if name == RunDescription.Profile.defaultName { checkDefault(profile.map) }
            profiles.append(RunDescription.Profile(name: name, description: description))
        }
    }

    /// The profile `default` stands for the file without a profile, so it can change nothing.
    private mutating func checkDefault(_ map: SpecMap?) {
        guard let key = map?.keys.first(where: { $0 != Self.own }), let entry = map?.entries[key] else { return }
        report(
            "The profile `\(RunDescription.Profile.defaultName)` describes the file's own values and takes only "
                + "`\(Self.own)`. Write `\(key)` at the top of the file, or choose another name for the profile.",
            at: entry.keyOrigin)
    }

    /// A profile without what it says about itself, which does not replace the description of the pipeline.
    static func overrides(of profile: SpecNode) -> SpecNode {
        guard var map = profile.map, map[own] != nil else { return profile }
        map.remove(own)
        return SpecNode(.map(map), profile.origin)
    }
}
