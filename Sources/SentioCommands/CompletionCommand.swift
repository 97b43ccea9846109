import ArgumentParser

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a script that completes commands, options and stage kinds in a shell.",
        discussion: """
            bash: sentio-pipeline completion bash > ~/.local/share/bash-completion/completions/sentio-pipeline
            zsh:  sentio-pipeline completion zsh > a folder of $fpath, as _sentio-pipeline
            fish: sentio-pipeline completion fish > ~/.config/fish/completions/sentio-pipeline.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.")
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
