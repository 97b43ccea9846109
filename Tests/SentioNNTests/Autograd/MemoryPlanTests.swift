@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct MemoryPlanTests {
    /// Buffers that are needed at the same time do not overlap, every buffer starts at a cache line, and none reaches
    /// beyond the end.
    @Test func buffersThatLiveTogetherLieApart() {
        var random = Philox(key: 3)
        for _ in 0..<50 {
            let requests = (0..<40).map { _ in
                let first = random.nextInt(below: 30)
                return MemoryPlan.Request(
                    count: random.nextInt(below: 200), first: first, last: first + random.nextInt(below: 8))
            }
            let plan = MemoryPlan(requests)
            for (i, a) in requests.enumerated() where a.count > 0 {
                #expect(plan.offsets[i] % 16 == 0 && plan.offsets[i] + a.count <= plan.count)
                for (j, b) in requests.enumerated() where j > i && b.count > 0 && a.first <= b.last && b.first <= a.last
                {
                    #expect(
                        plan.offsets[i] + a.count <= plan.offsets[j] || plan.offsets[j] + b.count <= plan.offsets[i])
                }
            }
        }
    }

    @Test func buffersThatLiveOneAfterTheOtherShare() {
        let chain = (0..<100).map { MemoryPlan.Request(count: 160, first: $0, last: $0 + 1) }
        #expect(MemoryPlan(chain).count == 320)
    }

    /// Training keeps what the backward pass reads; inference reuses the memory of activations.
    @Test func inferenceNeedsLessThanTraining() {
        let model = AudioSpectrogramTransformerTests.small { $0.depth = 6 }
        func bytes(isTraining: Bool) -> Int {
            let graph = Graph(), y = model(graph.input("x", [2, 8, 13]))
            return Program(graph: graph, loss: isTraining ? y : nil, outputs: [y]).arenaBytes
        }
        #expect(bytes(isTraining: false) * 3 < bytes(isTraining: true))
    }
}
