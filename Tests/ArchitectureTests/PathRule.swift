/// No path of somebody's machine, and nothing that only this project's workshop has.
enum PathRule {
    static func findings(in file: SourceFile) -> [Finding] {
        SwiftText(file.text).stringLines.enumerated().flatMap { index, literals in
            if !literals.contains("/") { return [Finding]() }
            var sentences: [String] = []
            let line = index < file.lines.count ? file.lines[index] : ""
            // `folder + "/tmp"` is a folder of ours, `"/tmp"` the machine's.
            if literals.contains(#/"/(?:home|root|work|tmp|Users|opt)(?:/|")/#), !line.contains(#/\+\s*"/tmp/#) {
                sentences.append("an absolute path of one machine")
            }
            if literals.contains(#/(?:^|["/])shared/|\.\./shared/#) {
                sentences.append("needs the folder `shared`, which a clone does not have")
            }
            return sentences.map { Finding(file: file.path, line: index + 1, sentence: $0) }
        }
    }
}
