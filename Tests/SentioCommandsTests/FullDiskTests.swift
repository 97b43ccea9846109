import Foundation
import Testing

/// The disk fills up while blobs are written: a sentence and exit code 1, never a wrong result; with room again the
/// next run goes on and makes what an undisturbed run makes.
@Suite struct FullDiskTests {
    /// The limit of a file's size stands for a full disk: writes fail in the middle, at several places.
    @Test(arguments: [0, 1, 8, 64])
    func writesThatFail(kilobytes: Int) throws {
        let project = try CommandLineProject()
        try project.write(DemoProject.yaml, to: "p.yaml")
        // The output goes through a pipe, which the limit does not touch.
        let line = "set -o pipefail; (ulimit -f \(kilobytes); exec \"$SENTIO\" run p.yaml 2>&1) | cat"
        let run = try project.shell(line)
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.output.contains("file too large"), "\(run)")
        try expectWhole(project)
    }

    /// Blobs still fit, the run store does not.
    @Test func aRunWithoutItsHistoryGoesOnAndSaysSo() throws {
        let project = try CommandLineProject()
        try project.write(DemoProject.yaml, to: "p.yaml")
        let run = try project.shell("set -o pipefail; (ulimit -f 450; exec \"$SENTIO\" run p.yaml 2>&1) | cat")
        #expect(run.exitCode == 0, "\(run)")
        #expect(run.output.contains("warning: The history of this run is incomplete."), "\(run)")
        #expect(run.output.contains("7 executed, 0 cached"))
        try expectWhole(project)
    }

    @Test(.enabled(if: FullDiskTests.canMount, "may not mount a file system"))
    func aFullFileSystem() throws {
        let project = try CommandLineProject()
        try project.write(DemoProject.yaml, to: "p.yaml")
        let mount = try project.shell("mkdir artifacts && mount -t tmpfs -o size=900k sentio-test artifacts")
        #expect(mount.exitCode == 0)
        defer { _ = try? project.shell("umount artifacts") }
        let run = try project.sentio("run", "p.yaml")
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.errors.contains("no space left on device"), "\(run)")
        #expect(try project.shell("mount -o remount,size=64m artifacts").exitCode == 0)
        try expectWhole(project)
    }

    /// The history had to stop and the run went on: later it is called that, and not interrupted.
    @Test(.enabled(if: FullDiskTests.canMount, "may not mount a file system"))
    func aHistoryThatAFullDiskEndedIsCalledThat() throws {
        let project = try CommandLineProject()
        let stages = (0..<40).map { "  s\($0): { uses: command, cmd: \"seq 200000 > ../fill/f\($0) || true\" }" }.joined(separator: "\n")
        #expect(try project.shell("mkdir disk && mount -t tmpfs -o size=6m sentio-test disk && mkdir disk/fill disk/p").exitCode == 0)
        defer { _ = try? project.shell("umount disk") }
        try project.write("pipeline: filling\nstages:\n\(stages)\n", to: "disk/p/p.yaml")
        let run = try project.shell("cd disk/p && \"$SENTIO\" run p.yaml -k --artifacts ../artifacts 2>&1 | cat; exit ${PIPESTATUS[0]}")
        #expect(!run.wasKilled && run.output.contains("The history of this run is incomplete."), "\(run)")
        try project.shell("rm -rf disk/fill")
        let list = try project.sentio("runs", "list", "--artifacts", "disk/artifacts", "--json")
        let listed = try list.json["runs"][0]
        #expect(["failed", "succeeded"].contains(listed["status"].text), "\(list)")
        let show = try project.sentio("runs", "show", "--artifacts", "disk/artifacts")
        #expect(show.output.contains("The history of this run is incomplete.") && show.output.contains("the disk is full"), "\(show)")
    }

    private static let canMount: Bool = {
        guard getuid() == 0, let project = try? CommandLineProject() else { return false }
        let line = "mkdir m && mount -t tmpfs -o size=100k sentio-test m && umount m"
        return (try? project.shell(line))?.exitCode == 0
    }()

    private func expectWhole(_ project: CommandLineProject, location: SourceLocation = #_sourceLocation) throws {
        let next = try project.sentio("run", "p.yaml", "--json")
        #expect(next.exitCode == 0, "\(next)", sourceLocation: location)
        let undisturbed = try DemoProject.firstRun().finished
        for stage in undisturbed["stages"].list {
            for port in stage["outputs"].keys {
                let made = try next.finished["stages"][named: stage["name"].text]["outputs"][port].text
                #expect(made == stage["outputs"][port].text, "\(stage["name"].text).\(port)", sourceLocation: location)
            }
        }
        let verify = try project.sentio("artifacts", "verify")
        #expect(verify.exitCode == 0, "\(verify)", sourceLocation: location)
    }
}
