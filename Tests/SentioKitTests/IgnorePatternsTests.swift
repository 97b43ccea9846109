import SentioKit
import Testing

/// Patterns as `.gitignore` has them; what `git check-ignore` says of each pair is what is expected here.
@Suite struct IgnorePatternsTests {
    private func decision(_ patterns: String, _ path: String, isFolder: Bool = false) -> Bool? {
        IgnorePatterns(parsing: Array(patterns.utf8)).decision(
            path.split(separator: "/").map { Array($0.utf8) }[...], isFolder: isFolder)
    }

    @Test(arguments: [
        ("*.log", "a.log"), ("*.log", "d/e/a.log"), ("a?c", "abc"), ("[a-c]x", "bx"), ("[!a]x", "bx"), ("/top", "top"),
        ("d/x", "d/x"),
        ("**/x", "x"), ("**/x", "a/b/x"), ("a/**", "a/b/c"), ("a/**/z", "a/z"), ("a/**/z", "a/b/c/z"), ("\\#a", "#a"),
        ("\\!a", "!a"),
        ("a\r\n", "a"), ("a  ", "a"), ("*", ".hidden"), ("a*b*c", "aXbXbXc"), ("[]x]", "]"), ("*.kept-*", "x.kept-1"),
    ])
    func fits(_ pattern: String, _ path: String) { #expect(decision(pattern, path) == true) }

    @Test(arguments: [
        ("*.log", "a.logs"), ("a?c", "ac"), ("[a-c]x", "dx"), ("/top", "d/top"), ("d/x", "e/d/x"), ("a/**", "a"),
        ("a/**/z", "b/z"),
        ("# a", "# a"), ("", "a"), ("/", "a"), ("d/*", "d/e/f"), ("folder/", "folder"), ("[a", "a"), ("A", "a"),
    ])
    func fitsNot(_ pattern: String, _ path: String) { #expect(decision(pattern, path) == nil) }

    @Test func theLastOneDecides() {
        #expect(decision("*.log\n!keep.log", "d/keep.log") == false)
        #expect(decision("!keep.log\n*.log", "keep.log") == true)
        #expect(decision("folder/", "folder", isFolder: true) == true)
    }

    @Test func longPatternsOfStarsTakeNoTime() {
        let pattern = String(repeating: "*a", count: 2000), name = String(repeating: "a", count: 250) + "b"
        #expect(decision(pattern, name) == nil)
        #expect(
            decision(
                String(repeating: "**/a/", count: 500) + "b", Array(repeating: "a", count: 60).joined(separator: "/"))
                == nil)
    }

    @Test(arguments: [
        ".git", "__pycache__", ".DS_Store", "._a.wav", "Thumbs.db", ".#train.py", "a.py~", ".a.py.swp",
        "x.csv.kept-20261130-143000-2",
    ])
    func whatNobodyMeans(_ name: String) {
        #expect(IgnorePatterns.standard.decision([Array(name.utf8)], isFolder: false) == true)
    }

    @Test(arguments: [".env", ".gitignore", "a.swap", "kept-20261130", "x.kept-lunch", "Thumbs.db.txt", "_a.wav", "#a"])
    func whatMayBeMeant(_ name: String) {
        #expect(IgnorePatterns.standard.decision([Array(name.utf8)], isFolder: false) == nil)
    }
}
