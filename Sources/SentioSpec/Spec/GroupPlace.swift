import SentioKit

/// Where a stage that came out of a group belongs.
struct GroupPlace: Sendable {
    /// The group's name, without the copies it stands in: `cv`, `cv.blend`.
    let group: String
    /// What sentences call the stage: a member without its copy, `cv.ridge`; for what the group makes itself, the
    /// group.
    let label: String
    /// What its copies are called together, `cv.ridge@fold=*`; nil where there is one.
    let row: String?
    /// Whether it is a copy of a member: all copies have the same parameters.
    let isMember: Bool
    /// Where its references are looked up; nil: at the top of the file.
    let scope: GroupScope?

    /// Stages whose faults are one fault in the file.
    var fault: String { isMember ? row ?? label : label + " itself" }
}
