/// Command-line options as `--name value` pairs.
struct Options {
    private var values: [String: String] = [:]

    /// - Parameter usage: names the options of the workload, such as `[--name N]`.
    init(_ arguments: [String], usage: String) throws {
        let known = Set(usage.split { !($0.isLetter || $0 == "-") }.map(String.init))
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), name.count > 2, let value = rest.popFirst() else {
                throw OptionError(description: "'\(name)' is not an option with a value; write it as --name value.")
            }
            guard known.contains(name) else {
                throw OptionError(description: "Unknown option \(name). The options are \(usage).")
            }
            values[String(name.dropFirst(2))] = value
        }
    }

    func text(_ name: String) throws -> String {
        guard let value = values[name] else { throw OptionError(description: "The option --\(name) is missing.") }
        return value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default fallback: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let text = values[name] else { return fallback }
        guard let value = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: " or ")
            throw OptionError(description: "--\(name) needs \(known), not '\(text)'.")
        }
        return value
    }

    func number(_ name: String, default fallback: Double, in range: ClosedRange<Double>) throws -> Double {
        guard let text = values[name] else { return fallback }
        guard let value = Double(text), range.contains(value) else {
            throw OptionError(
                description: "--\(name) needs a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'.")
        }
        return value
    }

    func integer(_ name: String, default fallback: Int) throws -> Int {
        guard let text = values[name] else { return fallback }
        guard let value = Int(text), value > 0 else {
            throw OptionError(description: "--\(name) needs a whole number above 0, not '\(text)'.")
        }
        return value
    }
}

struct OptionError: Error, CustomStringConvertible {
    let description: String
}
