import SentioBase

/// What the system must give the process: without it libraries end it in the middle of something, with no word about
/// why.
enum ProcessLimits {
    /// For commands that start stages: timers, signals, pipes, the history, and what the stages open.
    static let descriptorsOfRuns = 64
    /// For commands that look.
    static let descriptors = 24
    /// Below that a trivial run does not get through.
    static let addressSpace = 768 << 20

    /// What is lacking, as a sentence; nil where nothing is.
    static func problem(descriptors wanted: Int) -> String? {
        let free = freeDescriptors(wanted)
        if free < wanted {
            return "This process may open only \(free) more files, and needs \(wanted). Raise the limit (ulimit -n)."
        }
        var limit = rlimit()
        #if canImport(Glibc)
        let code = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        #else
        let code = getrlimit(RLIMIT_AS, &limit)
        #endif
        if code == 0, limit.rlim_cur < addressSpace {
            return
                "This process may use only \(limit.rlim_cur >> 20) MB of address space, and needs "
                + "\(addressSpace >> 20) MB at least. "
                + "Raise the limit (ulimit -v)."
        }
        return nil
    }

    /// How many descriptors can be opened, up to `wanted`: some may be taken already, whatever the limit says.
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
