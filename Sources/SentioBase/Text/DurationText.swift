/// Durations as text for people.
public enum DurationText {
    /// A measured duration: `0.40 s`, `12 s`, `3 min 05 s`, `2 h 10 min`; `–` if the number is no duration, which may
    /// come from a file.
    public static func measured(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds > -0.0005, seconds < 1e12 else { return "–" }
        if seconds < 0.0095 { return "\(Int((max(0, seconds) * 1000).rounded())) ms" }
        if seconds < 10 { return NumberText.fixed(seconds, seconds < 1 ? 2 : 1) + " s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(NumberText.padded(whole % 60, to: 2)) s" }
        return "\(whole / 3600) h \(NumberText.padded(whole % 3600 / 60, to: 2)) min"
    }

    /// A time limit in a single unit: `45 s`, `10 min`, `1.5 h`.
    public static func limit(_ seconds: Double) -> String {
        func text(_ number: Double) -> String {
            number == number.rounded() ? "\(Int(number))" : NumberText.rounded(number, to: 1)
        }
        if seconds >= 7200 { return "\(text(seconds / 3600)) h" }
        return seconds >= 120 ? "\(text(seconds / 60)) min" : "\(text(seconds)) s"
    }
}
