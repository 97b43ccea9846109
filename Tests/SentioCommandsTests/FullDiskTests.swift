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
        let stages = (0..<40).map { "  s\($0): { uses: command, cmd: \"seq 200000 > ../fill/f\($0) || true\" }" }
            .joined(separator: "\n")
        #expect(
            try project.shell("mkdir disk && mount -t tmpfs -o size=6m sentio-test disk && mkdir disk/fill disk/p")
                .exitCode == 0)
        defer { _ = try? project.shell("umount disk") }
        try project.write("pipeline: filling\nstages:\n\(stages)\n", to: "disk/p/p.yaml")
        let run = try project.shell(
            "cd disk/p && \"$SENTIO\" run p.yaml -k --artifacts ../artifacts 2>&1 | cat; exit ${PIPESTATUS[0]}")
        #expect(!run.wasKilled && run.output.contains("The history of this run is incomplete."), "\(run)")
        try project.shell("rm -rf disk/fill")
        let list = try project.sentio("runs", "list", "--artifacts", "disk/artifacts", "--json")
        let listed = try list.json["runs"][0]
        #expect(["failed", "succeeded"].contains(listed["status"].text), "\(list)")
        let show = try project.sentio("runs", "show", "--artifacts", "disk/artifacts")
        #expect(
            show.output.contains("The history of this run is incomplete.") && show.output.contains("the disk is full"),
            "\(show)")
    }

    // MARK: Looking at a workspace on a full disk

    private static let looks = [
        "runs list", "runs show", "runs query 'SELECT run FROM v_runs'", "compare latest latest:score",
        "artifacts list", "artifacts du",
        "artifacts gc --dry-run", "artifacts gc --keep 1kB --dry-run", "report -o -",
    ]

    /// What a run leaves has its history in the write-ahead log, whose index cannot be made here.
    @Test(arguments: looks)
    func whoOnlyLooksNeedsNoRoom(command: String) throws {
        let project = try DemoProject.copy()
        let full = try project.shell("set -o pipefail; (ulimit -f 0; exec \"$SENTIO\" \(command) 2>&1) | cat")
        #expect(full.exitCode == 0, "\(command): \(full)")
        #expect(try full.lines.first == project.shell("\"$SENTIO\" \(command)").lines.first, "\(command): \(full)")
    }

    @Test(.enabled(if: FullDiskTests.canMount, "may not mount a file system"))
    func aFullDiskCanBeLookedAtAndCleared() throws {
        let project = try CommandLineProject()
        #expect(try project.shell("mkdir disk && mount -t tmpfs -o size=16m sentio-test disk").exitCode == 0)
        defer { _ = try? project.shell("umount disk") }
        try project.write(DemoProject.yaml, to: "p.yaml")
        let work = "--artifacts disk/artifacts"
        for bands in [16, 24] {
            let run = try project.shell("\"$SENTIO\" run p.yaml -q --set bands=\(bands) --name bands-\(bands) \(work)")
            #expect(run.exitCode == 0, "\(run)")
        }
        #expect(try project.shell("\"$SENTIO\" runs tag bands-16 keep=yes \(work)").exitCode == 0)
        try project.write(Data(count: 100_000), to: "disk/artifacts/cas/ab/" + String(repeating: "ab", count: 31))
        try project.shell(
            "dd if=/dev/zero of=disk/fill bs=4k 2>/dev/null; dd if=/dev/zero of=disk/rest bs=1 2>/dev/null")
        for command in Self.looks {
            let look = try project.shell("\"$SENTIO\" \(command) \(work)")
            #expect(look.exitCode == 0, "\(command): \(look)")
        }
        let note = try project.shell(
            "\"$SENTIO\" runs note latest '\(String(repeating: "long ", count: 20_000))' \(work)")
        #expect(
            note.exitCode == 1
                && note.errors.contains("the disk is full. Free some space (`artifacts gc --keep SIZE`)."), "\(note)")
        let kept = try project.shell("\"$SENTIO\" artifacts gc --keep 1kB --dry-run --json \(work)")
        #expect(try kept.json["kept"].list.contains { $0["why"].text.contains("(tag keep)") }, "\(kept)")
        let collected = try project.shell("\"$SENTIO\" artifacts gc --keep 1kB --even-last \(work)")
        #expect(collected.exitCode == 0 && collected.output.contains("1 unreferenced blob"), "\(collected)")
        #expect(collected.output.contains("mels of small"), "\(collected)")
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
