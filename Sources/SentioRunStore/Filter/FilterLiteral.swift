import SentioBase
import SentioKit

/// The value that a field is compared with.
enum FilterLiteral: Equatable, Sendable {
    case number(Double)
    case text(String)
    case bool(Bool)
    /// A time span in seconds since 1970, excluding `end`: a day, a minute, or an instant if `end` = `start`.
    case time(start: Double, end: Double)

    /// Parses a time: `2026-11-23`, `'2026-11-23 14:30'`, `2026-11-23T14:30:00Z`, `today`, `yesterday`, or an age such
    /// as `7d` or `12h` (m, h, d, w). Without `Z` the time is in the local time zone.
    static func time(_ text: String, now: Double) -> FilterLiteral? {
        let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        if let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()), count >= 0, count < 1e6 {
            return .time(start: now - count * unit, end: now - count * unit)
        }
        if text == "today" || text == "yesterday" {
            var parts = local(now)
            (parts.tm_hour, parts.tm_min, parts.tm_sec) = (0, 0, 0)
            if text == "yesterday" { parts.tm_mday -= 1 }
            return day(&parts)
        }
        let pattern = #/(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(Z)?)?/#
        guard let match = text.wholeMatch(of: pattern)?.output, let year = Int32(match.1), let month = Int32(match.2),
            let mday = Int32(match.3), (1...12).contains(month), (1...31).contains(mday)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday, parts.tm_isdst) = (year - 1900, month - 1, mday, -1)
        guard let hour = match.4.flatMap({ Int32($0) }), let minute = match.5.flatMap({ Int32($0) }) else {
            return day(&parts)
        }
        guard hour < 24, minute < 60 else { return nil }
        (parts.tm_hour, parts.tm_min) = (hour, minute)
        let second = match.6.flatMap { Int32($0) }
        parts.tm_sec = second ?? 0
        let start = Double(match.7 == nil ? mktime(&parts) : timegm(&parts))
        return .time(start: start, end: start + (second == nil ? 60 : 1))
    }

    private static func day(_ parts: inout tm) -> FilterLiteral {
        parts.tm_isdst = -1
        let start = Double(mktime(&parts))
        parts.tm_mday += 1
        parts.tm_isdst = -1
        return .time(start: start, end: Double(mktime(&parts)))
    }

    private static func local(_ seconds: Double) -> tm {
        var time = time_t(seconds), parts = tm()
        localtime_r(&time, &parts)
        return parts
    }
}
