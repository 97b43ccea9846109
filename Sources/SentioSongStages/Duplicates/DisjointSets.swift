/// Disjoint sets of integers that are joined step by step (union-find).
struct DisjointSets {
    private var parent: [Int]

    /// Each of `0..<count` in a set of its own.
    init(count: Int) { parent = Array(0..<count) }

    /// The smallest member of the set that contains `member`.
    mutating func root(_ member: Int) -> Int {
        var member = member
        while parent[member] != member {
            parent[member] = parent[parent[member]]
            member = parent[member]
        }
        return member
    }

    mutating func join(_ one: Int, _ other: Int) {
        let (one, other) = (root(one), root(other))
        parent[max(one, other)] = min(one, other)
    }
}
