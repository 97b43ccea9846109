import SentioKit

extension RunEvent {
    /// The event without secrets, as it may be shown and stored.
    func masked(_ secrets: Secrets) -> RunEvent {
        guard !secrets.isEmpty else { return self }
        switch self {
        case .runStarted(var description):
            description.name = description.name.map { secrets.masked($0) }
            description.tags = description.tags.mapValues { secrets.masked($0) }
            description.sweep = description.sweep.map { .init(id: $0.id, arm: secrets.masked($0.arm)) }
            return .runStarted(description)
        case .stageStarted(let start):
            return .stageStarted(
                StageStart(
                    stage: start.stage, kind: start.kind, reason: start.reason.masked(secrets),
                    expectedSeconds: start.expectedSeconds))
        case .stageProgress(let progress):
            return .stageProgress(
                StageProgress(
                    stage: progress.stage, done: progress.done, total: progress.total,
                    note: secrets.masked(progress.note)))
        case .stageLog(let stage, let line): return .stageLog(stage: stage, line: secrets.masked(line))
        case .warning(let stage, let sentence): return .warning(stage: stage, sentence: secrets.masked(sentence))
        case .metric, .series: return self
        case .stageFinished(let outcome): return .stageFinished(outcome.masked(secrets))
        case .expectation(let expectation): return .expectation(expectation.masked(secrets))
        case .runFinished(var outcome):
            outcome.stages = outcome.stages.map { $0.masked(secrets) }
            outcome.expectations = outcome.expectations.map { $0.masked(secrets) }
            return .runFinished(outcome)
        }
    }
}

extension KeyParts {
    /// The parts without secrets, as a record may keep them to tell what changed. The key itself contains the real
    /// values.
    func masked(_ secrets: Secrets) -> KeyParts {
        guard !secrets.isEmpty else { return self }
        var own = self
        own.configuration = secrets.masked(configuration)
        return own
    }
}

extension StageOutcome {
    func masked(_ secrets: Secrets) -> StageOutcome {
        var own = self
        own.reason = reason?.masked(secrets)
        own.configuration = secrets.masked(configuration)
        own.message = message.map { secrets.masked($0) }
        own.warnings = warnings.map { secrets.masked($0) }
        return own
    }
}

extension Expectation {
    fileprivate func masked(_ secrets: Secrets) -> Expectation {
        Expectation(text: secrets.masked(text), holds: holds, evidence: secrets.masked(evidence))
    }
}

extension RunReason {
    func masked(_ secrets: Secrets) -> RunReason {
        guard !secrets.isEmpty else { return self }
        return RunReason(
            causes.map { cause in
                switch cause {
                case .parameter(let name, let from, let to, let origin):
                    .parameter(
                        name: name, from: from.map { secrets.masked($0) }, to: to.map { secrets.masked($0) },
                        origin: origin.map { secrets.masked($0) })
                case .blocked(let sentence): .blocked(secrets.masked(sentence))
                default: cause
                }
            })
    }
}
