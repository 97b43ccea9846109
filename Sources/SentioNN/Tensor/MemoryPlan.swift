/// Where each buffer is placed in one arena: buffers that are never needed at the same time share memory.
struct MemoryPlan {
    /// A buffer, with the steps of its first write and last read, inclusive.
    struct Request {
        let count: Int
        let first: Int
        let last: Int
    }

    /// In floats, one per request.
    let offsets: [Int]
    /// The arena's length in floats.
    let count: Int

    /// Places the largest first, each at the lowest offset that is free during its lifetime: TensorFlow Lite's
    /// greedy-by-size planner (Pisarchyk and Lee 2020), within a few percent of the optimum on such graphs.
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
            // `placed` is sorted by offset: take the first gap that is wide enough.
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
