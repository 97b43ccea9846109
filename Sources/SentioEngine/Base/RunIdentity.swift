import SentioBase

/// Ids of runs: `20261123-031522-4f2a`, sortable by time (UTC).
enum RunIdentity {
    static func make() -> String {
        let (date, clock) = now(dateSeparator: "", timeSeparator: "")
        let random = String(UInt32.random(in: 0x1000...0xFFFF), radix: 16)
        return "\(date)-\(clock)-\(random)"
    }

    /// `20261123-031522`, for names of files (UTC).
    static func stamp() -> String {
        let (date, clock) = now(dateSeparator: "", timeSeparator: "")
        return "\(date)-\(clock)"
    }

    /// `2026-11-23 03:15:22 UTC`.
    static func clock() -> String {
        let (date, clock) = now(dateSeparator: "-", timeSeparator: ":")
        return "\(date) \(clock) UTC"
    }

    private static func now(dateSeparator: String, timeSeparator: String) -> (date: String, clock: String) {
        var now = time(nil), parts = tm()
        gmtime_r(&now, &parts)
        func two(_ number: Int32) -> String { NumberText.padded(number, to: 2) }
        return (
            ["\(parts.tm_year + 1900)", two(parts.tm_mon + 1), two(parts.tm_mday)].joined(separator: dateSeparator),
            [two(parts.tm_hour), two(parts.tm_min), two(parts.tm_sec)].joined(separator: timeSeparator)
        )
    }

    static var processID: Int { Int(getpid()) }
}
