import SentioNumerics

/// The greedy algorithm behind `SplitPlanner`.
enum GreedyAssignment {
    /// The part that each group is assigned to.
    ///
    /// A group goes to a part with enough room for it, or else to the part with the most room; this keeps the size of
    /// every part within one group of its fraction. Among several parts with room, it goes to the one with the largest
    /// deficit in the group's strata; ties go to the one with more room, then to a random one.
    ///
    /// - Precondition: positive fractions with sum 1, and at least as many groups as parts.
    static func assign(_ groups: [SongGroup], stratumSizes: [Int], fractions: [Double], seed: UInt64) -> [Int] {
        let songs = Double(stratumSizes.reduce(0, +))
        var room = fractions.map { $0 * songs }
        var stratumRoom = fractions.map { fraction in stratumSizes.map { fraction * Double($0) } }
        var empty = Set(fractions.indices)
        var result = [Int](repeating: 0, count: groups.count)
        var generator = Philox(key: seed, stream: 0)

        for (done, index) in order(of: groups, &generator).enumerated() {
            let group = groups[index]
            let size = Double(group.songs.count)
            let candidates = candidates(room: room, size: size, empty: empty, groupsLeft: groups.count - done)
            let shortage = { (part: Int) in
                group.strata.reduce(0) { $0 + Double($1.songs) * stratumRoom[part][$1.stratum] }
            }
            let chosen = choose(candidates, by: [shortage, { room[$0] }], &generator)
            result[index] = chosen
            empty.remove(chosen)
            room[chosen] -= size
            for (stratum, count) in group.strata { stratumRoom[chosen][stratum] -= Double(count) }
        }
        return result
    }

    /// Largest groups first; random order among groups of equal size.
    private static func order(of groups: [SongGroup], _ generator: inout Philox) -> [Int] {
        let shuffled = generator.permutation(groups.count)
        return shuffled.enumerated().sorted { first, second in
            let (one, two) = (groups[first.element].songs.count, groups[second.element].songs.count)
            return one != two ? one > two : first.offset < second.offset
        }.map(\.element)
    }

    private static func candidates(room: [Double], size: Double, empty: Set<Int>, groupsLeft: Int) -> [Int] {
        if groupsLeft <= empty.count { return empty.sorted() }
        let fitting = room.indices.filter { room[$0] >= size - tolerance }
        if !fitting.isEmpty { return fitting }
        let most = room.max() ?? 0
        return room.indices.filter { room[$0] >= most - tolerance }
    }

    private static func choose(
        _ candidates: [Int], by measures: [(Int) -> Double], _ generator: inout Philox
    ) -> Int {
        var left = candidates
        for measure in measures where left.count > 1 {
            let values = left.map(measure)
            let largest = values.max() ?? 0
            left = zip(left, values).filter { $1 >= largest - tolerance }.map(\.0)
        }
        return left.count == 1 ? left[0] : left[generator.nextInt(below: left.count)]
    }

    /// Room and deficits count as equal if they differ by less than this.
    private static let tolerance = 1e-9
}
