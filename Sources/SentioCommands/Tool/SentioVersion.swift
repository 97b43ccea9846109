/// The version of the program.
public enum SentioVersion {
    public static let text = "0.1.0"
}
