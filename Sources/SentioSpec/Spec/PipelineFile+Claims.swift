import SentioKit

extension PipelineFile {
    /// Reads the file that `claims:` names. Its faults are reported together with those of the pipeline.
    mutating func readClaims(_ root: SpecNode) {
        guard let node = root.map?["claims"], !node.isNull else { return }
        guard let name = node.string, !name.isEmpty else {
            return report("`claims` must be the path of a file.", at: node.origin)
        }
        guard !name.contains("${") else {
            return report(
                "`claims` cannot contain `${}`: its file is read before params are resolved. Write the path itself.",
                at: node.origin)
        }
        let path = Paths.resolve(name, relativeTo: node.origin.location.map { Paths.directory(of: $0.file) } ?? ".")
        guard Paths.exists(path) else { return report("The claims file \(path) does not exist.", at: node.origin) }
        claimsPath = path
        do {
            let tree = try reader(of: path, as: .claims).read(problems: &problems)
            var decoder = PublishedClaimsDecoder(file: self)
            claims = decoder.decode(tree)
            problems += decoder.problems
        } catch let fault as Diagnostic where fault.location != nil {
            problems.append(fault)
        } catch let fault as Diagnostic {
            report(fault.sentence, at: node.origin)
        } catch {
            report("\(error)", at: node.origin)
        }
    }

    /// The order in which faults are reported: without a place, in base files, in the file itself, in its claims file.
    /// - Parameter path: the pipeline file.
    func rank(of fault: Diagnostic, in path: String) -> Int {
        guard let file = fault.location?.file else { return -1 }
        return file == path ? 1 : file == claimsPath ? 2 : 0
    }
}
