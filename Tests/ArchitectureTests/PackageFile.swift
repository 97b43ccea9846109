/// The targets of `Package.swift` and what they depend on.
enum PackageFile {
    static func arrows(in text: String) -> [String: Set<String>] {
        let library = #/library\(\s*"(?<name>\w+)",\s*\[(?<list>.*?)\][,)]/#.dotMatchesNewlines()
        let program = #/executableTarget\(\s*name: "(?<name>[\w-]+)",\s*dependencies: \[(?<list>.*?)\],/#
            .dotMatchesNewlines()
        var arrows: [String: Set<String>] = [:]
        for match in text.matches(of: library) { arrows[String(match.output.name)] = dependencies(match.output.list) }
        for match in text.matches(of: program) { arrows[String(match.output.name)] = dependencies(match.output.list) }
        return arrows
    }

    private static func dependencies(_ list: Substring) -> Set<String> {
        var names = Set(
            list.replacing(#/package: "[^"]*"/#, with: "").matches(of: #/"([^"]+)"/#).map { String($0.output.1) })
        if list.contains("argumentParser") { names.insert("ArgumentParser") }
        return names
    }
}
