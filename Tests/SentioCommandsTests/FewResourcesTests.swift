import Foundation
import Testing

/// Few descriptors or little memory: a sentence and an ordinary exit code, no trap and no wait.
@Suite struct FewResourcesTests {
    /// With fewer than eight Swift's own libraries end before any line of ours runs.
    @Test(arguments: 8...16)
    func fewDescriptors(limit: Int) throws {
        let project = try CommandLineProject()
        try project.write("stages: { a: { uses: command, cmd: \"echo 1 > a\", outs: [a] } }\n", to: "p.yaml")
        for command in ["run p.yaml", "plan p.yaml", "runs list", "artifacts verify", "lint p.yaml"] {
            let result = try project.shell("ulimit -n \(limit); exec \"$SENTIO\" \(command)", timeout: 60)
            #expect(!result.wasKilled && result.exitCode < 128, "\(limit) \(command): \(result)")
            #expect(result.exitCode == 0 || !result.errors.isEmpty, "\(limit) \(command): \(result)")
        }
        let next = try project.sentio("run", "p.yaml")
        #expect(next.exitCode == 0, "\(next)")
        #expect(try project.sentio("artifacts", "verify").exitCode == 0)
    }
}
