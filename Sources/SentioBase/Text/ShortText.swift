/// Text that is cut to fit, with `…` for what is left out.
public enum ShortText {
    /// Cut at its end.
    public static func end(_ text: String, to length: Int) -> String {
        text.count <= length ? text : text.prefix(max(0, length - 1)) + "…"
    }

    /// A name cut in its middle: both ends tell it from others.
    public static func middle(_ name: String, to length: Int) -> String {
        guard name.count > length, length > 4 else { return name }
        let head = (length - 1) / 2
        return name.prefix(head) + "…" + name.suffix(length - 1 - head)
    }
}
