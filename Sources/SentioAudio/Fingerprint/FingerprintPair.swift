/// Two clips of a list that are the same recording.
public struct FingerprintPair: Sendable, Equatable {
    /// The earlier one in the list.
    public let first: Int
    /// The later one.
    public let second: Int
    /// How they lie to one another; its offset is the frame of `first` with which `second` begins.
    public let match: FingerprintMatch

    /// - Parameter first: index of the earlier clip; `match` compares it with `second`.
    public init(first: Int, second: Int, match: FingerprintMatch) {
        self.first = first
        self.second = second
        self.match = match
    }
}
