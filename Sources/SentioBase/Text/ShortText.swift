/// Shortens text to a number of characters, with `…` in place of what is omitted.
public enum ShortText {
    /// Cuts at the end.
    public static func end(_ text: String, to length: Int) -> String {
        text.count <= length ? text : text.prefix(max(0, length - 1)) + "…"
    }

    /// Cuts in the middle, for names that differ at both ends.
    public static func middle(_ name: String, to length: Int) -> String {
        guard name.count > length, length > 4 else { return name }
        let head = (length - 1) / 2
        return name.prefix(head) + "…" + name.suffix(length - 1 - head)
    }
}
