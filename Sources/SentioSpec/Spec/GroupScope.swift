/// The names visible to one copy of a group's members, innermost first: siblings and names that the group provides,
/// then the names visible to the group itself.
final class GroupScope: Sendable {
    /// What a provided name stands for.
    enum Provided: Sendable {
        case stage(String, output: String)
        /// A reference of the group's own input, looked up outside the group.
        case reference(String)
    }

    private let group: StageName
    private let members: Set<String>
    private let provided: [String: Provided]
    private let parent: GroupScope?

    /// - Parameter group: the name of the group with the label of the copy.
    init(group: StageName, members: Set<String>, provided: [String: Provided], parent: GroupScope?) {
        self.group = group
        self.members = members
        self.provided = provided
        self.parent = parent
    }

    /// The stage that a reference names, and its output if it names one; nil if there is no such stage.
    /// - Parameter top: looks a reference up at the top level of the file.
    func resolve(
        _ reference: String, isStage: (String) -> Bool, top: (String) -> (stage: String, output: String?)?
    ) -> (stage: String, output: String?)? {
        var end: String.Index? = reference.endIndex
        while let stop = end {
            let name = String(reference[..<stop])
            let rest = stop == reference.endIndex ? nil : String(reference[reference.index(after: stop)...])
            switch provided[name] {
            case .stage(let stage, let output)?: return (stage, rest ?? output)
            case .reference(let outer)?: return above(rest.map { "\(outer).\($0)" } ?? outer, isStage, top)
            case nil: break
            }
            if members.contains(name) { return inside(group.appending(name), rest, isStage) }
            end = reference[..<stop].lastIndex(of: ".")
        }
        return above(reference, isStage, top)
    }

    private func above(
        _ reference: String, _ isStage: (String) -> Bool, _ top: (String) -> (stage: String, output: String?)?
    ) -> (stage: String, output: String?)? {
        parent.map { $0.resolve(reference, isStage: isStage, top: top) } ?? top(reference)
    }

    /// A member or, if the member is a group, a stage that it collects: `blend.ridge.predictions`.
    private func inside(_ member: StageName, _ rest: String?, _ isStage: (String) -> Bool) -> (
        stage: String, output: String?
    ) {
        guard let rest else { return (member.text, nil) }
        var end: String.Index? = rest.endIndex
        while let stop = end {
            let name = member.appending(String(rest[..<stop])).text
            if isStage(name) { return (name, stop == rest.endIndex ? nil : String(rest[rest.index(after: stop)...])) }
            end = rest[..<stop].lastIndex(of: ".")
        }
        return (member.text, rest)
    }
}
