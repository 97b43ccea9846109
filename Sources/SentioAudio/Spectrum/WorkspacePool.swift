import Synchronization

/// Lends workspaces to threads. It creates as many as are in use at the same time.
final class WorkspacePool<Workspace: Sendable>: Sendable {
    private let idle = Mutex<[Workspace]>([])
    private let make: @Sendable () -> Workspace

    init(_ make: @escaping @Sendable () -> Workspace) { self.make = make }

    func with<Result>(_ body: (Workspace) throws -> Result) rethrows -> Result {
        let workspace = idle.withLock { $0.popLast() } ?? make()
        defer { idle.withLock { $0.append(workspace) } }
        return try body(workspace)
    }
}
