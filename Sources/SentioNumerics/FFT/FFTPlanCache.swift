import Synchronization

/// Every plan this process has made. One lock serialises look-up and planning (FFTW's planner is global state).
enum FFTPlanCache {
    private struct Key: Hashable {
        let size: Int
        let count: Int
    }
    private static let plans = Mutex<[Key: RealFFT]>([:])

    static func plan(size: Int, count: Int) -> RealFFT {
        plans.withLock { plans in
            let key = Key(size: size, count: count)
            if let plan = plans[key] { return plan }
            let plan = RealFFT(size: size, count: count)
            plans[key] = plan
            return plan
        }
    }
}
