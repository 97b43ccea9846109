/// What boosted trees minimize: one of the losses of XGBoost that are listed here, with its parameters.
public struct GBDTLoss: Sendable, CustomStringConvertible {
    static let functions: [any BoostingLoss.Type] = [
        SquaredLoss.self, AbsoluteLoss.self, PseudoHuberLoss.self, QuantileLoss.self,
    ]

    /// Every loss with its default parameters.
    public static let all: [GBDTLoss] = functions.map { GBDTLoss($0.init(LossParameters())) }
    /// The names of all losses.
    public static var names: [String] { all.map(\.name) }

    let function: any BoostingLoss

    init(_ function: any BoostingLoss) { self.function = function }

    /// The loss of that name with its default parameters; nil for an unknown name.
    public init?(name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }

    /// `squared`, `absolute`, `huber` or `quantile`.
    public var name: String { type(of: function).name }
    public var description: String { name }

    /// Whether leaf values are set after the splits, from residuals, which monotone constraints cannot bound.
    public var setsLeavesAfterSplits: Bool { function.leafQuantile != nil }

    /// The same loss with another slope (`huber`) or quantile (`quantile`), where it has one.
    public func with(slope: Double, alpha: Double) -> GBDTLoss {
        GBDTLoss(type(of: function).init(LossParameters(slope: slope, alpha: alpha)))
    }
}

extension GBDTLoss: Hashable {
    public static func == (left: GBDTLoss, right: GBDTLoss) -> Bool { left.function.isEqual(to: right.function) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        function.hash(into: &hasher)
    }
}

extension BoostingLoss {
    fileprivate func isEqual(to other: any BoostingLoss) -> Bool { other as? Self == self }
}
