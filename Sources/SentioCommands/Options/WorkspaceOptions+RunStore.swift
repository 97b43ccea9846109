import ArgumentParser
import SentioRunStore

extension WorkspaceOptions {
    /// The run store, with runs that the system killed marked first.
    func runStore() throws -> RunStore {
        do {
            let store = try RunStore.openExisting(path: path + "/runs.sqlite")
            // A history that may only be read is still worth reading.
            _ = try? store.markInterrupted()
            return store
        } catch { throw failed(error) }
    }
}

/// Prints an error of the run store and ends with exit code 1.
func failed(_ error: any Error) -> ExitCode {
    Output.error("error: \(error)")
    return ExitCode(1)
}
