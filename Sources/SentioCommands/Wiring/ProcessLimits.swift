import SentioBase

/// System limits that are too low. Libraries would otherwise end the process in the middle of its work without an
/// explanation.
enum ProcessLimits {
    /// For commands that run stages: timers, signals, pipes, the history, and files of stages.
    static let descriptorsOfRuns = 64
    /// For other commands.
    static let descriptors = 24
    /// The minimum for a trivial run, in bytes.
    static let addressSpace = 768 << 20

    /// The first limit that is too low, as a sentence; nil if there is none.
    static func problem(descriptors wanted: Int) -> String? {
        let free = freeDescriptors(wanted)
        if free < wanted {
            return "This process can open only \(free) more files but needs \(wanted). Raise the limit (ulimit -n)."
        }
        var limit = rlimit()
        #if canImport(Glibc)
        let code = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        #else
        let code = getrlimit(RLIMIT_AS, &limit)
        #endif
        if code == 0, limit.rlim_cur < addressSpace {
            return
                "This process can use only \(limit.rlim_cur >> 20) MB of address space but needs at least "
                + "\(addressSpace >> 20) MB. Raise the limit (ulimit -v)."
        }
        return nil
    }

    /// How many descriptors can be opened, up to `wanted`: some may already be in use, whatever the limit is.
    private static func freeDescriptors(_ wanted: Int) -> Int {
        var opened: [Int32] = []
        while opened.count < wanted {
            let next = dup(2)
            if next < 0 { break }
            opened.append(next)
        }
        for descriptor in opened { close(descriptor) }
        return opened.count
    }
}
