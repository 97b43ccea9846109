/// A public declaration says what it is in a `///` comment.
///
/// What a protocol asks for is described there: `description`, `hash(into:)`, coding, operators, and in the modules of
/// stage kinds what `StageKind` and its refinements ask for.
enum DocCommentRule {
    static func findings(in file: SourceFile) -> [Finding] {
        guard file.isSwift, file.text.contains("public ") else { return [] }
        let source = SwiftText(file.text)
        let comments = source.commentLines
        let code = source.codeLines
        return code.indices.compactMap { index in
            guard declaresPublic(code[index]), !isWitness(code[index], module: file.module) else { return nil }
            var above = index - 1
            while above >= 0, isAttribute(code[above]) { above -= 1 }
            if above >= 0, comments[above].drop(while: { $0 == " " }).hasPrefix("///") { return nil }
            return Finding(
                file: file.path, line: index + 1,
                sentence: "a public declaration without a doc comment: \(code[index].drop { $0 == " " })")
        }
    }

    private static func declaresPublic(_ line: String) -> Bool {
        guard line.contains("public ") else { return false }
        let declaration =
            #/
            ^ \s* (?: @\w+ (?: \( [^)]* \) )? \s+ )* public \s+ (?: \w+ (?: \( set \) )? \s+ )*
            (?: func | var | let | init | struct | class | enum | protocol | actor | typealias | subscript ) \b
            /#
        return line.firstMatch(of: declaration) != nil
    }

    private static func isAttribute(_ line: String) -> Bool {
        line.drop { $0 == " " }.hasPrefix("@")
    }

    private static func isWitness(_ line: String, module: String) -> Bool {
        let standard =
            #/
            \b (?: var \s (?: description | debugDescription | errorDescription | id ) \b
            | func \s (?: hash \b | encode \b | == | < ) | init\(from \s )
            /#
        if line.firstMatch(of: standard) != nil { return true }
        let stage =
            #/
            static \s let \s (?: kind | version | summary | parameters | inputs | outputs ) \b
            | func \s (?: run | item | outputs | amount ) \b | init\( _ \s configuration:
            /#
        return module.hasSuffix("Stages") && line.firstMatch(of: stage) != nil
    }
}
