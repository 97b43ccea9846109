import Foundation
import SentioEngine
import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// A plan says what a run does, and a run with a history ends as one without.
@Suite struct PlanAgreesWithRunTests {
    /// A small generator, so that a failure can be played again by its seed.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }

    /// A pipeline and its songs, and what a user may do to them.
    private struct Study {
        var songs: [String: Int] = ["a": 1, "b": 2, "c": 3]
        var factor = 2, modulus = 1000, text = "x", seed = 1
        var hasSecond = true, reads = "scaled", dep = "one"

        mutating func edit(_ generator: inout Generator) {
            switch Int.random(in: 0..<11, using: &generator) {
            case 0: songs["s\(Int.random(in: 0..<4, using: &generator))"] = Int.random(in: 0..<5, using: &generator)
            case 1:
                if songs.count > 1, let id = songs.keys.sorted().randomElement(using: &generator) { songs[id] = nil }
            case 2:
                if let id = songs.keys.sorted().randomElement(using: &generator) {
                    songs[id] = Int.random(in: 0..<50, using: &generator)
                }
            case 3: factor = Int.random(in: 1..<4, using: &generator)
            case 4: modulus = [3, 1000, 999].randomElement(using: &generator)!
            case 5: text = ["x", "y"].randomElement(using: &generator)!
            case 6: seed = Int.random(in: 1..<3, using: &generator)
            case 7: hasSecond.toggle()
            case 8: reads = ["scaled", "twice", "songs.numbers"].randomElement(using: &generator)!
            case 9: dep = ["one", "two"].randomElement(using: &generator)!
            default: break
            }
        }

        var yaml: String {
            var lines = [
                "seed: \(seed)", "stages:",
                "  songs: { uses: toy-songs, with: { source: songs } }",
                "  scaled: { uses: toy-scale, in: { numbers: songs.numbers }, with: { factor: \(factor), modulus: \(modulus) } }",
                "  twice: { uses: toy-scale, in: { numbers: scaled } }",
                "  sum: { uses: toy-sum, in: { numbers: \(reads) } }",
                "  last: { uses: toy-constant, in: { after: sum }, with: { text: \(text) } }",
                "  random: { uses: toy-random }",
                "  tree: { uses: toy-tree, with: { names: [\(text), \(dep)] } }",
                "  listed: { uses: toy-list, with: { folder: tree } }",
                "  picked: { uses: toy-list, with: { folder: tree/\(text) } }",
                "  copied: { uses: toy-write, with: { out: copy.txt, dep: dep.txt } }",
            ]
            if hasSecond { lines.append("  second: { uses: toy-write, with: { out: second.txt, dep: copy.txt } }") }
            return lines.joined(separator: "\n") + "\n"
        }

        func write(to project: TestProject) throws {
            for name in try FileManager.default.contentsOfDirectory(atPath: project.path + "/songs") {
                try project.remove("songs/" + name)
            }
            for (id, number) in songs { try project.song(id, String(number)) }
            try project.write(dep, to: "dep.txt")
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func afterAnyEdits(seed: UInt64) async throws {
        var generator = Generator(state: seed), study = Study()
        let project = try TestProject()
        for step in 0..<14 {
            if step > 0 { for _ in 0..<Int.random(in: 1...2, using: &generator) { study.edit(&generator) } }
            try study.write(to: project)
            // Now and then the user's folder loses what stages left there.
            if Int.random(in: 0..<3, using: &generator) == 0 {
                for name in ["tree", "copy.txt", "second.txt"] { try? project.remove(name) }
            }
            let planned = try project.plan(study.yaml)
            let run = try await project.run(study.yaml)
            #expect(run.status == .succeeded, "seed \(seed) step \(step): \(run.stages.compactMap(\.message))")
            for plan in planned {
                let state = run[plan.stage]?.state
                switch plan.state {
                case .upToDate:
                    #expect(state == .cached, "seed \(seed) step \(step): \(plan.stage) was planned up to date")
                case .stale(let reason) where !reason.causes.contains { $0.code == "upstream" }:
                    #expect(
                        state == .executed, "seed \(seed) step \(step): \(plan.stage) was planned stale: \(reason.text)"
                    )
                    #expect(run[plan.stage]?.reason == reason, "seed \(seed) step \(step)")
                case .stale: break
                case .blocked(let sentence):
                    Issue.record("seed \(seed) step \(step): \(plan.stage) was planned blocked: \(sentence)")
                }
            }
            let fresh = try TestProject()
            try study.write(to: fresh)
            let other = try await fresh.run(study.yaml)
            for (left, right) in zip(run.stages, other.stages) {
                #expect(
                    left.outputs == right.outputs && left.key == right.key, "seed \(seed) step \(step): \(left.stage)")
            }
        }
    }
}
