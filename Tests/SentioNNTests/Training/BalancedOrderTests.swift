import Testing

@testable import SentioNN

@Suite struct BalancedOrderTests {
    /// Twelve samples of group 7, three of group 2 and one of group 5.
    private let groups = [Int](repeating: 7, count: 12) + [2, 2, 2, 5]

    private func draws(_ epochs: Range<Int>, count: Int = 16, seed: UInt64 = 3) -> [[(pass: Int, position: Int)]] {
        let order = BalancedOrder(groups, seed: seed)
        return epochs.map { order.epoch($0, count: count) }
    }

    @Test func everyGroupIsDrawnEquallyOften() {
        var totals = [7: 0, 2: 0, 5: 0]
        for epoch in draws(0..<9) {
            #expect(epoch.count == 16)
            for group in [7, 2, 5] {
                let count = epoch.count { groups[$0.position] == group }
                #expect((5...6).contains(count))
                totals[group]? += count
            }
        }
        // Nine epochs of 16 are 48 turns each.
        #expect(totals == [7: 48, 2: 48, 5: 48])
    }

    @Test func aSampleIsDrawnAgainOnlyAfterAllOfItsGroup() {
        let all = draws(0..<9).flatMap { $0 }
        #expect(Set(all.map { [$0.pass, $0.position] }).count == all.count, "no draw of a sample happens twice")
        let large = Dictionary(grouping: all.filter { groups[$0.position] == 7 }, by: \.pass)
        #expect(large.count == 4 && large.values.allSatisfy { Set($0.map(\.position)).count == 12 })
    }

    @Test func theOrderDependsOnSeedAndEpochAlone() {
        func positions(_ epoch: Int, seed: UInt64 = 3) -> [Int] {
            draws(epoch..<epoch + 1, seed: seed)[0].map(\.position)
        }
        #expect(positions(2) == positions(2) && positions(2) == draws(0..<3)[2].map(\.position))
        #expect(positions(2) != positions(3) && positions(2) != positions(2, seed: 4))
        #expect(positions(0).map { groups[$0] } != Array(positions(0).map { groups[$0] }.sorted()))
    }
}
