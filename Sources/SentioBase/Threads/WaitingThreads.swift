/// Threads for work that mostly waits for the disk. A thread pool such as that of `Parallel` has only as many threads
/// as there are cores, but a disk handles many concurrent requests as fast as one.
public enum WaitingThreads {
    private final class Job: Sendable {
        let queue: IndexQueue
        let body: @Sendable (Int) -> Void

        init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
            queue = IndexQueue(count)
            self.body = body
        }

        func work() { while let index = queue.next() { body(index) } }
    }

    /// Calls the body for every index below `count` on up to `threads` threads, including the current one, and returns
    /// when all are done.
    public static func forEach(count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let job = Job(count, body)
        var others: [pthread_t] = []
        for _ in 1..<max(1, min(threads, count)) {
            let context = Unmanaged.passRetained(job)
            #if canImport(Darwin)
            var thread: pthread_t?
            let code = pthread_create(
                &thread, nil,
                {
                    Unmanaged<Job>.fromOpaque($0).takeRetainedValue().work(); return nil
                }, context.toOpaque())
            if code == 0, let thread { others.append(thread) } else { context.release() }
            #else
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { context in
                    if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work() }
                    return nil
                }, context.toOpaque())
            if code == 0 { others.append(thread) } else { context.release() }
            #endif
        }
        job.work()
        for thread in others { pthread_join(thread, nil) }
    }
}
