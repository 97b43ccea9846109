import ArgumentParser

struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Examine a folder of songs and ratings before it is used.",
        subcommands: [DatasetCheckCommand.self])
}
