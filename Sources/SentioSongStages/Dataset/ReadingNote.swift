/// What a reader took a table to mean, although the table does not have the documented form.
struct ReadingNote: Equatable {
    /// `annotations.csv:1`.
    let place: String
    /// Starts in lower case and has no period.
    let text: String
    /// A sentence on what to do if that is wrong; empty for nothing.
    let advice: String

    /// As a warning.
    var sentence: String { "\(place): \(text).\(advice.isEmpty ? "" : " " + advice)" }
}
