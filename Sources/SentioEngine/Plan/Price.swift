/// What a stage is foreseen to take, from what others of its kind took.
public struct Price: Sendable, Equatable {
    /// The likeliest.
    public var seconds: Double
    public var low: Double
    public var high: Double
    /// How many records it comes from.
    public var records: Int

    static let zero = Price(seconds: 0, low: 0, high: 0, records: 0)

    /// What a share of the work takes.
    func scaled(by share: Double) -> Price {
        Price(seconds: seconds * share, low: low * share, high: high * share, records: records)
    }

    static func + (left: Price, right: Price) -> Price {
        Price(
            seconds: left.seconds + right.seconds, low: left.low + right.low, high: left.high + right.high,
            records: left.records + right.records)
    }
}

/// What several stages are foreseen to take together.
public struct PriceSum: Sendable, Equatable {
    /// Of those that have one.
    public private(set) var price = Price.zero
    public private(set) var known = 0
    /// Stages whose kind has no record to go by.
    public private(set) var unknown = 0

    public init() {}
    public init(_ prices: some Sequence<Price?>) { for price in prices { add(price) } }

    public mutating func add(_ price: Price?) {
        guard let price else { return unknown += 1 }
        self.price = self.price + price
        known += 1
    }
}
