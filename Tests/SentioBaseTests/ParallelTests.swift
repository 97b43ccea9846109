import SentioBase
import Synchronization
import Testing

@Suite struct ParallelTests {
    @Test(arguments: [(0, 4), (1, 4), (1000, 1), (1000, 4)])
    func everyIndexIsDoneOnce(_ count: Int, _ threads: Int) {
        let done = Mutex<[Int]>([])
        Parallel.forEach(count, threads: threads) { index in done.withLock { $0.append(index) } }
        #expect(done.withLock { $0 }.sorted() == Array(0..<count))
        let waited = Mutex<[Int]>([])
        WaitingThreads.forEach(count: count, threads: threads) { index in waited.withLock { $0.append(index) } }
        #expect(waited.withLock { $0 }.sorted() == Array(0..<count))
    }

    /// Each lane may add to a place of its own without a lock.
    @Test func lanesDoNotMeet() {
        var sums = [Int](repeating: 0, count: 3)
        sums.withUnsafeMutableBufferPointer { sums in
            Parallel.forEachUnchecked(3000, threads: 3) { index, lane in sums[lane] += index }
        }
        #expect(sums.reduce(0, +) == 2999 * 3000 / 2)
    }

    @Test func aQueueGivesEachIndexOnce() {
        let queue = IndexQueue(2)
        #expect(queue.next() == 0 && queue.next() == 1 && queue.next() == nil && queue.next() == nil)
    }
}
