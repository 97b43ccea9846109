/// What boosted trees minimise, with XGBoost's names in its JSON model.
public enum GBDTLoss: Sendable, Hashable {
    /// Half the squared error; `reg:squarederror`.
    case squared
    /// The absolute error; `reg:absoluteerror`: leaves are set to the median of their residuals.
    case absolute
    /// Quadratic up to `slope`, then smoothly linear; `reg:pseudohubererror`, slope 1 as XGBoost's `huber_slope`.
    case huber(slope: Double = 1)
    /// The pinball loss of quantile `alpha`, inside (0, 1); `reg:quantileerror`: leaves are set to that quantile.
    case quantile(alpha: Double = 0.5)
}
