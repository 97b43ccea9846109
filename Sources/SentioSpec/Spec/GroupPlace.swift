import SentioKit

/// The place of a stage in the group that made it.
struct GroupPlace: Sendable {
    /// The name of the group, without the labels of copies: `cv`, `cv.blend`.
    let group: String
    /// The name of the stage in messages: a member without the label of its copy, `cv.ridge`; the group for stages that
    /// the group itself adds.
    let label: String
    /// The common name of its copies, `cv.ridge@fold=*`; nil if there is only one.
    let row: String?
    /// Whether it is a copy of a member: all copies have the same parameters.
    let isMember: Bool
    /// Where its references are looked up; nil: at the top level of the file.
    let scope: GroupScope?

    /// Identifies stages that share their faults.
    var fault: String { isMember ? row ?? label : label + " itself" }
}
