import ArgumentParser
import SentioRunStore

extension WorkspaceOptions {
    /// Opens the run store, after marking runs that were killed.
    func runStore() throws -> RunStore {
        do {
            let store = try RunStore.openExisting(path: path + "/runs.sqlite")
            // A read-only history can still be read.
            _ = try? store.markInterrupted()
            return store
        } catch { throw failed(error) }
    }
}

/// Prints an error; the command then exits with code 1.
func failed(_ error: any Error) -> ExitCode {
    Output.error("error: \(error)")
    return ExitCode(1)
}
