import Synchronization

/// All plans of this process. One lock serializes lookup and planning, because FFTW's planner is global state.
enum FFTPlanCache {
    private struct Key: Hashable {
        let size: Int
        let count: Int
    }
    private struct Plans {
        var single: [Key: RealFFT] = [:]
        var double: [Key: DoubleRealFFT] = [:]
    }
    private static let plans = Mutex(Plans())

    static func plan(size: Int, count: Int) -> RealFFT {
        plans.withLock { plans in
            let key = Key(size: size, count: count)
            if let plan = plans.single[key] { return plan }
            let plan = RealFFT(size: size, count: count)
            plans.single[key] = plan
            return plan
        }
    }

    static func doublePlan(size: Int, count: Int) -> DoubleRealFFT {
        plans.withLock { plans in
            let key = Key(size: size, count: count)
            if let plan = plans.double[key] { return plan }
            let plan = DoubleRealFFT(size: size, count: count)
            plans.double[key] = plan
            return plan
        }
    }
}
