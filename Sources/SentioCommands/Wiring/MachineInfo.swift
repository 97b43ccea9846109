import SentioBase
import SentioKit

/// What the results of a run depend on besides the pipeline: machine, system, code version.
enum MachineInfo {
    static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Facts about the machine and the code.
    /// - Parameter directory: the folder of the pipeline file, whose git commit is recorded.
    static func environment(directory: String) -> [String: Value] {
        var name = utsname()
        uname(&name)
        var environment: [String: Value] = [
            "sentio_version": .string(SentioVersion.text), "cores": .int(cores),
            "host": .string(text(of: &name.nodename)),
            "system": .string("\(text(of: &name.sysname)) \(text(of: &name.release)) \(text(of: &name.machine))"),
            "processor": .string(processor),
            "memory_bytes": .int(sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))),
        ]
        if let git = GitInfo.read(from: directory) {
            environment["git_commit"] = .string(git.commit)
            if let branch = git.branch { environment["git_branch"] = .string(branch) }
        }
        return environment
    }

    private static var processor: String {
        guard let bytes = try? FileBytes.readStream("/proc/cpuinfo") else { return "unknown" }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("model name") {
            return String(line.drop { $0 != ":" }.dropFirst(2))
        }
        return "unknown"
    }

    private static func text<Tuple>(of field: inout Tuple) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
