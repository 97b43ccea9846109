import SentioKit

/// The program that runs a stage's command lines.
///
///     shell: bash      # the default: stops at the first command that fails, also inside a pipe
///     shell: sh        # plain /bin/sh: only the last command's exit code counts
///     shell: zsh -e    # a program with options of your own
struct CommandShell: Sendable, Equatable {
    static let standard = "bash"

    /// Searched for in PATH if it contains no slash.
    let program: String
    let options: [String]

    /// - returns: nil for text that is blank or contains a NUL character.
    init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first, !text.utf8.contains(0) else { return nil }
        switch words {
        case [Self.standard]: (program, options) = (Self.standard, ["-e", "-o", "pipefail"])
        case ["sh"]: (program, options) = ("/bin/sh", [])
        default: (program, options) = (first, Array(words.dropFirst()))
        }
    }

    func arguments(for script: String) -> [String] { [program] + options + ["-c", script] }

    /// What to do if the system does not find it.
    var cure: String {
        program == Self.standard
            ? "Commands run in bash by default. Install it, or write `shell: sh` at the stage, which does not detect "
                + "failures inside a pipe."
            : "Install it, or name another `shell` at the stage."
    }
}
