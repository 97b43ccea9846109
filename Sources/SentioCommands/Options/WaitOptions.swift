import ArgumentParser
import SentioEngine

/// How long to wait for other processes in the same workspace.
struct WaitOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Wait at most this long for another process that holds the same stage, then exit with code 5: `90s`, "
                + "`10m`, `2h`. Default: no limit for a run, 10m for what a killed run left behind.",
            valueName: "duration"))
    var wait: String?

    @Flag(name: .long, help: "Do not wait for another process that holds the same stage; exit with code 5.")
    var noWait = false

    var waiting: Waiting {
        if noWait { return .never }
        return wait.flatMap(Self.seconds).map(Waiting.atMost) ?? .standard
    }

    func validate() throws {
        if noWait, wait != nil { throw ValidationError("--wait and --no-wait are mutually exclusive.") }
        if let wait, Self.seconds(wait) == nil {
            throw ValidationError("--wait \(wait): use a duration such as 90s, 10m or 2h.")
        }
    }

    /// Parses a duration in seconds; nil if it is not a duration or longer than a year.
    static func seconds(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Double(unit == nil ? text : String(text.dropLast())), number >= 0 else { return nil }
        let seconds = number * (unit ?? 1)
        return seconds <= 31_536_000 ? seconds : nil
    }
}
