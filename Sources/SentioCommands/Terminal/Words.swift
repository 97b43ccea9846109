import SentioBase
import SentioKit

/// Formats numbers, durations, dates and lists for people.
enum Words {
    /// `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
    static func duration(_ seconds: Double) -> String { DurationText.measured(seconds) }

    /// `40 s to 1 min 05 s`; one duration if both ends are nearly equal.
    static func duration(_ range: ClosedRange<Double>) -> String {
        let (low, high) = (duration(range.lowerBound), duration(range.upperBound))
        return low == high || range.upperBound < 1.2 * range.lowerBound
            ? duration((range.lowerBound + range.upperBound) / 2) : "\(low) to \(high)"
    }

    /// `512 B`, `3.2 MB`.
    static func bytes(_ count: Int) -> String {
        var value = Double(count), unit = 0
        let units = ["B", "kB", "MB", "GB", "TB"]
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(count) B" : fixed(value, value < 10 ? 1 : 0) + " " + units[unit]
    }

    /// Four significant digits, without an exponent where possible.
    static func number(_ value: Double) -> String {
        if !value.isFinite { return value.isNaN ? "n/a" : value > 0 ? "inf" : "-inf" }
        if let whole = Int(exactly: value), abs(whole) < 1_000_000 { return "\(whole)" }
        let size = abs(value)
        if size >= 1e6 || size < 1e-4 { return "\(Float(value))" }
        let digits = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4
        return fixed(value, digits)
    }

    static func fixed(_ value: Double, _ digits: Int) -> String { NumberText.fixed(value, digits) }

    /// `2026-11-23 03:15` in local time; `–` for times outside the years 1 to 9999.
    static func date(_ seconds: Double) -> String {
        guard seconds > -62_135_596_800, seconds < 253_402_300_800 else { return "–" }
        var time = time_t(seconds), parts = tm()
        localtime_r(&time, &parts)
        func two(_ number: Int32) -> String { NumberText.padded(number, to: 2) }
        return
            "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min))"
    }

    /// `1 song`, `2 songs`.
    static func count(_ number: Int, _ noun: String) -> String { NumberText.count(number, noun) }

    /// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and 7 more ``.
    static func list(_ names: [String]) -> String {
        let shown = names.count > 4 ? Array(names.prefix(3)) : names, quoted = shown.map { "`\($0)`" }
        if shown.count < names.count {
            return quoted.joined(separator: ", ") + " and \(names.count - shown.count) more"
        }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " and " + last
    }

    /// Wraps text between words; nil: one line. Spaces between words are kept, and colors take no room.
    /// - Parameter indent: indentation of the lines after the first, in addition to that of the text.
    static func wrapped(_ text: String, to width: Int?, indent: Int = 0) -> [String] {
        guard let width, columns(text) > width else { return [text] }
        let margin = String(repeating: " ", count: text.prefix { $0 == " " }.count + indent)
        var lines: [String] = [], line = "", used = 0, hasWord = false
        for (place, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let size = columns(word)
            if hasWord, size > 0, used + 1 + size > width {
                while line.last == " " { line.removeLast() }
                lines.append(line)
                (line, used) = (margin + word, margin.count + size)
                continue
            }
            line += place > 0 ? " " + word : String(word)
            used += (place > 0 ? 1 : 0) + size
            hasWord = hasWord || size > 0
        }
        return lines + [line]
    }

    /// The width of text that `Terminal` may have colored.
    private static func columns(_ text: some StringProtocol) -> Int {
        guard text.unicodeScalars.contains(TerminalText.escape) else { return text.count }
        var count = 0, isColor = false
        for character in text {
            if character.unicodeScalars.first == TerminalText.escape {
                isColor = true
            } else if isColor {
                isColor = character != "m"
            } else {
                count += 1
            }
        }
        return count
    }

    /// The line that names the columns a narrow screen has no room for.
    static func hidden(_ columns: [String]) -> [String] {
        columns.isEmpty ? [] : ["not shown at this width: \(columns.joined(separator: ", "))"]
    }

    /// Replaces characters that control a terminal, for text that may contain foreign file names; line ends are kept.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: TerminalText.controlsTerminal) else { return text }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { TerminalText.controlsTerminal($0) ? "\u{FFFD}" : $0 }))
    }

    /// Cuts text at its end.
    static func cut(_ text: String, to width: Int) -> String { ShortText.end(text, to: width) }

    /// Shortens a name in its middle.
    static func shortened(_ name: String, to width: Int) -> String { ShortText.middle(name, to: width) }
}

extension RunEnding {
    var color: Terminal.Color {
        switch status {
        case .succeeded: hasFailedExpectations ? .red : .green
        case .failed: .red
        case .running, .interrupted: .yellow
        }
    }
}
