/// Sets of numbers that are joined step by step (union-find).
struct DisjointSets {
    private var parent: [Int]

    /// Each of `0..<count` on its own.
    init(count: Int) { parent = Array(0..<count) }

    /// The smallest number of a set.
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
