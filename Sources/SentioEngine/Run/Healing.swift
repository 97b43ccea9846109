import SentioKit

/// Which stages run again because a blob of theirs is lost, and who waits for them.
struct Healing {
    private var heals: [ContentHash: Int] = [:]
    private var healing: Set<String> = []
    private var waiting: [String: [String]] = [:]

    func contains(_ stage: String) -> Bool { healing.contains(stage) }

    enum Answer {
        /// The producer is to run again.
        case begin
        /// It does already; one that does may have counted this blob as there, then it is asked once more.
        case wait
        /// It made the blob again, and it is lost again.
        case giveUp
    }

    /// A stage lacks a blob that another made.
    mutating func ask(_ producer: String, toMake blob: ContentHash, for stage: String) -> Answer {
        var answer = Answer.wait
        if !healing.contains(producer) {
            heals[blob, default: 0] += 1
            guard heals[blob] == 1 else { return .giveUp }
            healing.insert(producer)
            answer = .begin
        }
        waiting[producer, default: []].append(stage)
        return answer
    }

    /// - returns: the stages that waited for it.
    mutating func finish(_ stage: String) -> [String] {
        healing.remove(stage)
        return waiting.removeValue(forKey: stage) ?? []
    }
}
