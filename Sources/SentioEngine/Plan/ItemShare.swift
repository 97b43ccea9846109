/// The items of an item-wise stage.
public struct ItemShare: Sendable, Equatable {
    /// Those that would be processed, at most.
    public var pending: Int
    /// All of them.
    public var total: Int
}
