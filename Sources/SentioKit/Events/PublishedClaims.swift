/// What a publication claims about its models, and what is known about each claim: the content of the file that a
/// pipeline names under `claims:`. Reports show it; no result depends on it.
public struct PublishedClaims: Sendable, Equatable {
    /// Whether a measurement supports a claim.
    public enum Status: String, Sendable, CaseIterable {
        /// Measured by a sound protocol.
        case measured
        /// Measured by a protocol that does not support the claim.
        case flawed
        /// Never measured.
        case never
    }

    /// One claim.
    public struct Claim: Sendable, Equatable {
        /// What the claim is about: `XGBoost, 164 features`.
        public let model: String
        /// What is claimed: `R² .519 / .562`.
        public let claim: String
        /// Whether it was measured.
        public let status: Status
        /// What is known about it.
        public let note: String

        /// A claim as a claims file states it.
        public init(model: String, claim: String, status: Status, note: String) {
            self.model = model
            self.claim = claim
            self.status = status
            self.note = note
        }
    }

    /// The heading of the section in a report.
    public let title: String
    /// The sentence above the claims.
    public let opening: String
    /// In the order of the file.
    public let claims: [Claim]

    /// Claims in the order in which a report shows them.
    public init(title: String, opening: String, claims: [Claim]) {
        self.title = title
        self.opening = opening
        self.claims = claims
    }

    /// `{"title", "opening", "claims": [{"model", "claim", "status", "note"}]}`.
    public var value: Value {
        [
            "title": .string(title), "opening": .string(opening),
            "claims": .list(
                claims.map {
                    [
                        "model": .string($0.model), "claim": .string($0.claim), "status": .string($0.status.rawValue),
                        "note": .string($0.note),
                    ]
                }),
        ]
    }
}
