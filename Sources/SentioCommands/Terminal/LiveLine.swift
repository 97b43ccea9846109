import SentioKit

/// The progress of a running stage on one line of the terminal. If the terminal is narrow, parts are dropped in this
/// order: the note, the kind and the rate, then the bar, then the end of the name; the remaining time is dropped last.
/// For a training, whose note has more than the unit (`samples, epoch 3 of 40, step 5 of 20, loss 0.12`), epoch and
/// loss take precedence over the bar.
struct LiveLine {
    let name: String
    let start: StageStart
    let progress: StageProgress?
    /// Items that were done before the work began; they do not count toward the rate.
    let before: Int
    /// Seconds since the stage started.
    let elapsed: Double

    private static let barWidths = [20, 10, 6, 0]
    private static let minimumNameWidth = 8

    func text(nameWidth: Int, columns: Int) -> String {
        guard let progress, progress.total > 0 else {
            let foreseen = start.expectedRange ?? start.expectedSeconds.map { $0...$0 }
            let expected = foreseen.map { " of about \(Words.duration($0))" } ?? ""
            let core = Words.duration(elapsed) + expected
            return fitted([start.kind], core: [core], after: [], nameWidth, columns)
                ?? fitted([], core: [core], after: [], nameWidth, columns) ?? cut(core, nameWidth, columns)
        }
        let made = Double(progress.done - before), rate = made / max(elapsed, 1e-3), isKnown = made > 0 && elapsed > 0.2
        var core = ["\(progress.done)/\(progress.total)"]
        if isKnown, progress.done < progress.total {
            core.append("\(Words.duration(Double(progress.total - progress.done) / rate)) to go")
        }
        let speed = isKnown ? "\(Words.fixed(rate, rate < 10 ? 1 : 0))/s" : "", note = Note(progress.note)
        if let note, let line = training(progress, note, core, rate: isKnown ? rate : nil, nameWidth, columns) {
            return line
        }
        for width in Self.barWidths {
            let bar = width > 0 ? [bar(progress, width)] : []
            if let line = fitted([start.kind] + bar, core: core, after: [speed, progress.note], nameWidth, columns) {
                return line
            }
            if let line = fitted(bar, core: core, after: [speed, progress.note], nameWidth, columns) { return line }
            if let line = fitted(bar, core: core, after: [speed], nameWidth, columns) { return line }
            if let line = fitted(bar, core: core, after: [], nameWidth, columns) { return line }
        }
        return cut(core.joined(separator: "  "), nameWidth, columns)
    }

    /// The note of a training: the unit that is counted, and details such as epoch and loss.
    private struct Note {
        let unit: String
        let details: [String]

        /// Nil for a note that is only a unit.
        init?(_ text: String) {
            let parts = text.split(separator: ",").map { String($0.drop { $0 == " " }) }
            guard parts.count > 1 else { return nil }
            (unit, details) = (parts[0], Array(parts.dropFirst()))
        }

        var all: String { details.joined(separator: ", ") }
        /// Without the step, which the bar already shows.
        var short: String {
            details.filter { !$0.hasPrefix("step ") }.joined(separator: ", ").replacing(" of ", with: "/")
        }
    }

    /// Nil if not even epoch and loss fit.
    private func training(
        _ progress: StageProgress, _ note: Note, _ core: [String], rate: Double?, _ nameWidth: Int, _ columns: Int
    ) -> String? {
        let speed = rate.map { "\(Words.fixed($0, $0 < 10 ? 1 : 0)) \(note.unit)/s" } ?? ""
        if let line = fitted(
            [start.kind, bar(progress, 20)], core: core, after: [speed, note.all], nameWidth, columns)
        {
            return line
        }
        for width in Self.barWidths {
            let bar = width > 0 ? [bar(progress, width)] : []
            for details in [note.all, note.short] {
                if let line = fitted(bar, core: core, after: [speed, details], nameWidth, columns) { return line }
            }
        }
        let counted = ["\(core[0]) \(note.unit)"] + core.dropFirst()
        return fitted([], core: counted, after: [note.short], nameWidth, columns)
            ?? fitted([], core: core, after: [note.short], nameWidth, columns)
    }

    /// Nil if the line is too long.
    private func fitted(_ head: [String], core: [String], after: [String], _ nameWidth: Int, _ columns: Int) -> String?
    {
        let parts = head + core + after.filter { !$0.isEmpty }
        let line = padded(nameWidth) + "  " + parts.joined(separator: "  ")
        return line.count <= columns ? line : nil
    }

    /// The essential part, with as much of the name as fits.
    private func cut(_ core: String, _ nameWidth: Int, _ columns: Int) -> String {
        let room = max(Self.minimumNameWidth, min(nameWidth, columns - core.count - 2))
        return Words.cut(padded(room) + "  " + core, to: columns)
    }

    private func padded(_ width: Int) -> String {
        let text = Words.shortened(name, to: width)
        return text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func bar(_ progress: StageProgress, _ width: Int) -> String {
        let filled = width * min(max(progress.done, 0), progress.total) / progress.total
        return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    }
}
