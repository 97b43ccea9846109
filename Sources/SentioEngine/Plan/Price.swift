/// How long a stage is expected to take, in seconds, judged by records of its kind.
public struct Price: Sendable, Equatable {
    /// The most likely duration.
    public var seconds: Double
    /// The lower end of the range.
    public var low: Double
    /// The upper end of the range.
    public var high: Double
    /// How many records it is based on.
    public var records: Int

    static let zero = Price(seconds: 0, low: 0, high: 0, records: 0)

    /// The price of a share of the work.
    func scaled(by share: Double) -> Price {
        Price(seconds: seconds * share, low: low * share, high: high * share, records: records)
    }

    static func + (left: Price, right: Price) -> Price {
        Price(
            seconds: left.seconds + right.seconds, low: left.low + right.low, high: left.high + right.high,
            records: left.records + right.records)
    }
}

/// How long several stages are expected to take together.
public struct PriceSum: Sendable, Equatable {
    /// The sum over the stages that have a price.
    public private(set) var price = Price.zero
    /// How many stages have a price.
    public private(set) var known = 0
    /// How many have none, because no record of their kind is near enough.
    public private(set) var unknown = 0

    /// The sum over no stages.
    public init() {}
    /// The sum over stages; nil for one without a price.
    public init(_ prices: some Sequence<Price?>) { for price in prices { add(price) } }

    /// Adds a stage; nil for one without a price.
    public mutating func add(_ price: Price?) {
        guard let price else { return unknown += 1 }
        self.price = self.price + price
        known += 1
    }
}
