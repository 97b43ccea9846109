import Foundation

/// A warning of a stage, with the songs that it names.
///
/// Stages group the warnings of single songs: `12: …` about one, `31 songs: … (4, 7, 12, 20, 21 and 26 more)` about
/// several, of which the sentence names the first.
struct SongWarning: Equatable {
    let sentence: String
    let songs: Set<String>
    /// Whether it is about more songs than it names.
    let isCut: Bool

    init(_ sentence: String, songs: Set<String>, isCut: Bool = false) {
        self.sentence = sentence
        self.songs = songs
        self.isCut = isCut
    }

    /// - Parameter ids: the songs that it may name.
    init(_ text: String, among ids: some Sequence<String>) {
        if let id = ids.filter({ text.hasPrefix($0 + ": ") }).max(by: { $0.utf8.count < $1.utf8.count }) {
            self.init(String(text.dropFirst(id.count + 2)), songs: [id])
            return
        }
        guard let open = text.lastIndex(of: "("), text.hasSuffix(")"), let start = text.range(of: " songs: "),
            text[..<start.lowerBound].allSatisfy(\.isNumber)
        else {
            self.init(text, songs: [])
            return
        }
        let named = text[text.index(after: open)...].dropLast()
        let list = named.range(of: " and ", options: .backwards).map { named[..<$0.lowerBound] } ?? named[...]
        let parts = Set(list.components(separatedBy: ", "))
        let isCut = named.hasSuffix(" more")
        let sentence = isCut ? text : String(text[start.upperBound..<open]).trimmingCharacters(in: .whitespaces)
        self.init(sentence, songs: parts.intersection(Set(ids)), isCut: isCut)
    }
}
