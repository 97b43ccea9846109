/// The cores of a run, and how many of them each stage has.
struct CoreBudget {
    private(set) var free: Int
    private var taken: [String: Int] = [:]

    init(_ cores: Int) { free = cores }

    /// Whether no stage has any.
    var isIdle: Bool { taken.isEmpty }

    /// Gives a stage what it asks for, or what is free.
    /// - returns: nil if it must have all that it asks for, and too few are free.
    mutating func take(_ wanted: Int, for stage: String, waitsForAll: Bool) -> Int? {
        guard free >= wanted || !waitsForAll else { return nil }
        let cores = min(wanted, free)
        free -= cores
        taken[stage] = cores
        return cores
    }

    mutating func release(_ stage: String) { free += taken.removeValue(forKey: stage) ?? 0 }
}
