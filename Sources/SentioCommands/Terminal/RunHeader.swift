import SentioKit

/// What a run or a plan shows first: the pipeline, the profile that applies, what it will cost, and how to choose
/// another profile.
struct RunHeader {
    let pipeline: String
    let file: String
    let seed: Int
    /// The profile given by `--profile`.
    let profile: String?
    /// The profiles of the file.
    let profiles: [RunDescription.Profile]

    /// `phase4 (pipelines/phase4.yaml), seed 42, profile demo`; without `--profile`, nothing is said of profiles.
    var short: String { "\(pipeline) (\(file)), seed \(seed)\(profile.map { ", profile \($0)" } ?? "")" }

    /// `phase4 (pipelines/phase4.yaml), seed 42, profile default (compact sizes: minutes)`: with the description of the
    /// profile, also if the file's own values apply.
    var title: String {
        if profiles.isEmpty { return short }
        guard let current = profiles.first(where: { $0.name == applied }) else {
            return profile == nil ? "\(short), no profile" : short
        }
        return (profile == nil ? "\(short), profile \(applied)" : short) + Self.aside(current)
    }

    /// `Other profiles: --profile published (the study's sizes: hours).`; nil if the file has no other.
    var others: String? {
        let others = profiles.filter { $0.name != applied }
        guard !others.isEmpty else { return nil }
        let texts = others.map { "--profile \($0.name)\(Self.aside($0))" }
        return "Other profile\(others.count == 1 ? "" : "s"): \(texts.joined(separator: "; "))."
    }

    /// The name of the profile that applies; the file's own values are the profile `default`.
    private var applied: String { profile ?? RunDescription.Profile.defaultName }

    private static func aside(_ profile: RunDescription.Profile) -> String {
        profile.description.map { " (\(Words.plain($0)))" } ?? ""
    }

    /// `About 3 min at most for 12 of 16 stages.`; nil if there is nothing to do.
    static func cost(_ outlook: RunDescription.Outlook) -> String? {
        guard outlook.pending > 0 else { return nil }
        guard let range = outlook.expectedRange else {
            return "No estimate yet: nothing of this kind has run in this workspace."
        }
        let stages = "\(outlook.pending) of \(Words.count(outlook.stages, "stage"))"
        guard outlook.unknown == 0 else {
            return "At least about \(Words.duration(range)) for \(stages); there is no estimate for \(outlook.unknown)."
        }
        return "About \(Words.duration(range))\(outlook.isMost ? " at most" : "") for \(stages)."
    }
}

extension RunHeader {
    init(_ run: RunDescription) {
        self.init(
            pipeline: run.pipeline, file: run.file, seed: run.seed, profile: run.profile, profiles: run.profiles)
    }
}
