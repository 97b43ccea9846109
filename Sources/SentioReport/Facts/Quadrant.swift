/// A quadrant of the rating plane (Russell 1980), told by the true ratings and the middle of the scale.
public enum Quadrant: String, Sendable, CaseIterable {
    case happy = "high arousal, high valence"
    case tense = "high arousal, low valence"
    case sad = "low arousal, low valence"
    case calm = "low arousal, high valence"

    public init(valence: Double, arousal: Double, middle: Double) {
        self = arousal >= middle ? (valence >= middle ? .happy : .tense) : (valence >= middle ? .calm : .sad)
    }
}
