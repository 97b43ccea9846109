import ArgumentParser
import SentioKit

/// The error for an unknown command. ArgumentParser takes its name for a surplus argument and suggests nothing.
enum UnknownCommand {
    /// Nil if all named commands exist.
    static func error(arguments: some Sequence<String>) -> ValidationError? {
        var path: [String] = [], commands = SentioTool.configuration.subcommands
        for argument in arguments {
            // Options may precede a command, and their values are not commands.
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
        let hint = near.map { "Did you mean `\($0)`?" } ?? "The commands are \(known.joined(separator: ", "))."
        return "There is no command `\(command)`. \(hint)"
    }
}
