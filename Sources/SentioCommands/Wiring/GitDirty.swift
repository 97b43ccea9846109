import Dispatch
import Foundation
import Synchronization

/// Whether tracked files differ from the commit. Asks git in the background and waits at most a second for the answer.
final class GitDirty: Sendable {
    private let answer = Mutex<Bool?>(nil)
    private let done = DispatchSemaphore(value: 0)

    /// Starts asking about the work tree that contains a folder.
    init(directory: String) {
        DispatchQueue.global().async { [self] in
            let process = Process(), pipe = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["git", "-C", directory, "status", "--porcelain", "--untracked-files=no"]
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            if (try? process.run()) != nil {
                let output = pipe.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                if process.terminationStatus == 0 { answer.withLock { $0 = !output.isEmpty } }
            }
            done.signal()
        }
    }

    /// The answer; nil outside a repository, or if git does not answer in time.
    func result() -> Bool? {
        _ = done.wait(timeout: .now() + 1)
        return answer.withLock { $0 }
    }
}
