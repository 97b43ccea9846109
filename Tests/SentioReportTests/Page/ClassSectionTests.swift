import SentioKit
import Testing

@testable import SentioReport

@Suite struct ClassSectionTests {
    private let scores: Value = [
        "column": "genre", "classes": ["a<b", "rock", "absent"],
        "rows": [
            [
                "set": "test", "predictor": "model", "dimension": "genre", "songs": 5, "accuracy": 0.8,
                "accuracy_low": 0.4, "accuracy_high": 1.0, "macro_f1": 0.75,
            ],
            ["set": "test", "predictor": "majority class of training songs", "songs": 5, "accuracy": 0.6],
        ],
        "confusion": [
            [
                "set": "test", "counts": [[3, 1, 0], [0, 1, 0], [0, 0, 0]],
                "classes": [
                    ["class": "a<b", "recall": 0.75, "precision": 1], ["class": "rock", "recall": 1, "precision": 0.5],
                    ["class": "absent", "recall": 0, "precision": 0],
                ],
            ]
        ],
    ]

    @Test func scoresAndConfusionsAreTables() {
        let html = ClassSection.html([.init(stage: "score", scores: scores)])
        #expect(html.contains("score, genre, test songs, 5 songs"))
        #expect(html.contains("0.800 [0.40,\u{A0}1.00]") && html.contains("majority class"))
        #expect(html.contains("3 (75 %)") && html.contains("1 (25 %)") && html.contains("1 (100 %)"))
        // Names of classes are text, and classes without songs have no row.
        #expect(html.contains("a&lt;b") && !html.contains("a<b"))
        #expect(!html.contains("<th scope=\"row\">absent</th>"))
    }

    @Test func nothingScoredIsNothing() { #expect(ClassSection.html([]).isEmpty) }

    @Test func tooManyClassesAreASentence() {
        let many: Value = [
            "column": "genre", "classes": .list((0..<41).map { .string("c\($0)") }), "rows": [],
            "confusion": [["set": "test"]],
        ]
        #expect(ClassSection.html([.init(stage: "score", scores: many)]).contains("41 classes are too many"))
    }
}
