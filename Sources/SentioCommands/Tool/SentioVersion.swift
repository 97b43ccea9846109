/// The version of the program.
public enum SentioVersion {
    /// `MAJOR.MINOR.PATCH`, as `--version` prints it.
    public static let text = "0.1.0"
}
