import Dispatch
import SentioKit
import Synchronization

/// Lets the threads of one run work on a key one after another, in the order in which they came.
///
/// The lock file of a key keeps other processes out, but tells too late which thread of this process holds it.
final class KeyTurns: Sendable {
    /// The threads that wait, by key; a key is there while a thread works on it.
    private let waiting = Mutex<[StageKey: [DispatchSemaphore]]>([:])

    /// Blocks while another thread works on the key.
    func enter(_ key: StageKey) {
        let turn = waiting.withLock { waiting -> DispatchSemaphore? in
            guard waiting[key] != nil else {
                waiting[key] = []
                return nil
            }
            let turn = DispatchSemaphore(value: 0)
            waiting[key]?.append(turn)
            return turn
        }
        turn?.wait()
    }

    /// Lets the next thread work on the key.
    func leave(_ key: StageKey) {
        let next = waiting.withLock { waiting -> DispatchSemaphore? in
            guard let queue = waiting[key], !queue.isEmpty else {
                waiting[key] = nil
                return nil
            }
            return waiting[key]?.removeFirst()
        }
        next?.signal()
    }
}
