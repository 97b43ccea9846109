/// Items of an item-wise stage that would be worked on, at most, and all.
struct ItemShare: Sendable, Equatable {
    var pending: Int
    var total: Int
}
