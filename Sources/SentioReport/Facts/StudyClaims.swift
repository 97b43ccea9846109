/// The published claims of the Sentio study, each with what is known of it. A report prints them only beside their status.
public struct StudyClaims {
    public enum Status: String, Sendable {
        case measured = "measured"
        case flawed = "measured, flawed protocol"
        case never = "never measured"
    }

    public struct Claim: Sendable, Equatable {
        public let model: String
        public let claim: String
        public let status: Status
        public let note: String
    }

    /// Numbers are valence / arousal.
    public static let all: [Claim] = [
        Claim(
            model: "XGBoost, 164 features", claim: "R² .519 / .562", status: .measured,
            note: "One 80/20 split, 349 test songs. Over 60 splits of a comparable model R² varies by ±.04."),
        Claim(
            model: "SVR, 164 features", claim: "R² .500 / .567", status: .measured,
            note: "The same split; its difference from XGBoost says nothing."),
        Claim(
            model: "Ridge, 164 features", claim: "R² .453 / .540", status: .measured,
            note: "The same split. The front page prints .478 / .423."),
        Claim(
            model: "XGBoost, 40 features, 5 folds", claim: "R² .426 ± .041 / .476 ± .053", status: .measured,
            note: "The study's own cross-validation; songs of one artist on both sides."),
        Claim(
            model: "Ridge, SVR, XGBoost", claim: "MSE 1.85, 1.72, 1.68", status: .never,
            note: "Contradicts the study's own table (.73, .68, .67): these would be R² below 0."),
        Claim(
            model: "CRNN", claim: "R² about .60", status: .never,
            note: "An estimate. The notebook's best validation epoch is R² of about .30 / .35, below XGBoost."),
        Claim(
            model: "AST", claim: "R² .62 / .59", status: .never,
            note: "No notebook computes R² of the AST. Its \u{201C}test\u{201D} loop reads training segments: CCC .629 / .417 there."),
        Claim(
            model: "AST with GAN", claim: "R² .71 / .68", status: .never,
            note: "In no executed cell. 64 % of the songs it was validated on were made by the GAN itself."),
        Claim(
            model: "AST with GAN", claim: "MSE .1138, CCC .719 / .748", status: .flawed,
            note: "50 epochs, validated on 64 % synthetic items with invented ratings; at the published 5 epochs CCC .057 / .082."),
        Claim(
            model: "ViT, 20 real songs", claim: "R² -.109 / .222", status: .flawed,
            note: "The only score on real songs; most of them were in its training data."),
        Claim(
            model: "Distilled student", claim: "93.2 % retention", status: .never,
            note: "The notebook gives CCC .090 / .104, which is 13 %."),
    ]
}
