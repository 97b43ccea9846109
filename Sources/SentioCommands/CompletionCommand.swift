import ArgumentParser

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a shell completion script for commands, options and stage kinds.",
        discussion: """
            bash: sentio-pipeline completion bash > ~/.local/share/bash-completion/completions/sentio-pipeline
            zsh:  sentio-pipeline completion zsh > DIR/_sentio-pipeline (DIR: a folder in $fpath)
            fish: sentio-pipeline completion fish > ~/.config/fish/completions/sentio-pipeline.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "The shell: bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        let script: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Output.line(SentioTool.completionScript(for: script))
    }
}
