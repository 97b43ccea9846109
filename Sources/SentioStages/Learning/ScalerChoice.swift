public import SentioKit
import SentioLearn

/// How features are scaled before a fit.
public enum ScalerChoice: String, ParameterChoice {
    case none, standard, robust
    case signLog = "sign-log"
    case quantile

    static let summary =
        "Fitted on the training songs: none; standard; robust, median and quartiles with outliers cut; sign-log; quantile."

    var method: ScalerMethod {
        switch self {
        case .none: .none
        case .standard: .standard
        case .robust: .robust()
        case .signLog: .signLog
        case .quantile: .quantile()
        }
    }
}
