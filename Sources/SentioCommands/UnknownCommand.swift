import ArgumentParser
import SentioKit

/// A command that there is not. The parser takes its name for an argument too many and has no better one to suggest.
enum UnknownCommand {
    /// nil where every command that was named is one.
    static func error(arguments: some Sequence<String>) -> ValidationError? {
        var path: [String] = [], commands = SentioTool.configuration.subcommands
        for argument in arguments {
            // Options may stand before a command, and have values that are none.
            if commands.isEmpty || argument.hasPrefix("-") || path.isEmpty && argument == "help" { return nil }
            guard let command = commands.first(where: { $0.configuration.commandName == argument }) else {
                return ValidationError(sentence(argument, path, commands.compactMap { $0.configuration.commandName }))
            }
            path.append(argument)
            commands = command.configuration.subcommands
        }
        return nil
    }

    private static func sentence(_ name: String, _ path: [String], _ known: [String]) -> String {
        let command = (path + [name]).joined(separator: " ")
        let near = Suggestion.nearest(to: name, among: known).map { (path + [$0]).joined(separator: " ") }
        let hint = near.map { "Did you mean `\($0)`?" } ?? "There are \(known.joined(separator: ", "))."
        return "There is no command `\(command)`. \(hint)"
    }
}
