/// The cores of a run, and which stages have how many.
struct CoreBudget {
    private(set) var free: Int
    private var taken: [String: Int] = [:]
    /// Stages that wait until all the cores that they ask for are free.
    private var postponed: [String] = []

    init(_ cores: Int) { free = cores }

    var isIdle: Bool { taken.isEmpty }

    /// Gives a stage what it asks for, or what is free.
    /// - returns: nil for one that waits until it gets all.
    mutating func take(_ wanted: Int, for stage: String, waitsForAll: Bool) -> Int? {
        guard free >= wanted || !waitsForAll else {
            postponed.append(stage)
            return nil
        }
        let cores = min(wanted, free)
        free -= cores
        taken[stage] = cores
        return cores
    }

    /// - returns: the stages that waited for cores: they may ask again.
    mutating func release(_ stage: String) -> [String] {
        free += taken.removeValue(forKey: stage) ?? 0
        defer { postponed = [] }
        return postponed
    }
}
