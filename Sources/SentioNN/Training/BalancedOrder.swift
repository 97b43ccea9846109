import SentioNumerics

/// An order of samples in which every group is drawn equally often: the groups take turns across epochs, each goes
/// through its samples in a new order every time, and the turns of an epoch are shuffled. Depends only on groups, seed
/// and epoch.
struct BalancedOrder {
    /// The samples of each group.
    private let groups: [[Int]]
    private let seed: UInt64

    /// - parameter groups: the group of each sample, any numbers.
    init(_ groups: [Int], seed: UInt64) {
        var samples: [Int: [Int]] = [:]
        for (sample, group) in groups.enumerated() { samples[group, default: []].append(sample) }
        self.groups = samples.keys.sorted().compactMap { samples[$0] }
        self.seed = seed
    }

    /// The samples of an epoch, and how often each has been drawn before.
    func epoch(_ number: Int, count: Int) -> [(pass: Int, position: Int)] {
        var orders: [[Int: [Int]]] = groups.map { _ in [:] }
        var drawn: [(pass: Int, position: Int)] = []
        drawn.reserveCapacity(count)
        for turn in number * count..<(number + 1) * count {
            let (draw, group) = turn.quotientAndRemainder(dividingBy: groups.count)
            let (pass, place) = draw.quotientAndRemainder(dividingBy: groups[group].count)
            let order = orders[group][pass] ?? self.order(group, pass)
            orders[group][pass] = order
            drawn.append((pass, order[place]))
        }
        var random = Philox(key: seed, stream: 0xBA1A << 48 | UInt64(number))
        return random.permutation(count).map { drawn[$0] }
    }

    private func order(_ group: Int, _ pass: Int) -> [Int] {
        var random = Philox(key: seed, stream: 0xBA1B << 48 | UInt64(group) << 32 ^ UInt64(pass))
        return random.permutation(groups[group].count).map { groups[group][$0] }
    }
}
