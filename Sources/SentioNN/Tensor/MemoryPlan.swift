/// Where each buffer lies in one arena, so that buffers which are never needed at the same time share memory.
struct MemoryPlan {
    /// A buffer with the steps from its first write to its last read, both included.
    struct Request {
        let count: Int
        let first: Int
        let last: Int
    }

    /// In floats, one a request.
    let offsets: [Int]
    /// The arena's length in floats.
    let count: Int

    /// Largest first, each at the lowest place that is free during its life: the greedy-by-size planner of TensorFlow
    /// Lite (Pisarchyk and Lee 2020), within a few per cent of the best on such graphs.
    init(_ requests: [Request]) {
        var offsets = [Int](repeating: 0, count: requests.count)
        var placed: [(offset: Int, request: Int)] = []
        var end = 0
        let order = requests.indices.sorted {
            (-requests[$0].count, requests[$0].first, $0) < (-requests[$1].count, requests[$1].first, $1)
        }
        for index in order where requests[index].count > 0 {
            let request = requests[index], size = Self.padded(request.count)
            var offset = 0
            // In the order of their offsets: the first gap that is wide enough.
            for other in placed {
                let taken = requests[other.request]
                guard taken.first <= request.last, request.first <= taken.last else { continue }
                if other.offset >= offset + size { break }
                offset = max(offset, other.offset + Self.padded(taken.count))
            }
            offsets[index] = offset
            end = max(end, offset + size)
            let place = placed.firstIndex { $0.offset > offset } ?? placed.count
            placed.insert((offset, index), at: place)
        }
        self.offsets = offsets
        count = end
    }

    /// A length rounded up to whole cache lines of 64 bytes.
    static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
