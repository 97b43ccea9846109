import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics

/// Reports an SVR fit: settings, steps, the scores of the grid, and warnings about doubtful results.
struct SVRReport {
    let fit: SVRFit
    let grid: SVRGrid

    func write(_ context: StageContext) {
        let services = context.services
        for (index, dimension) in fit.model.targets.enumerated() {
            let (settings, run, machine) = (fit.settings[index], fit.runs[index], fit.model.machines[index])
            services.metric("c.\(dimension)", settings.c)
            services.metric("epsilon.\(dimension)", settings.epsilon)
            if let gamma = machine.kernel.gamma { services.metric("gamma.\(dimension)", gamma) }
            if let slope = settings.slope { services.metric("context_slope.\(dimension)", slope) }
            services.metric("steps.\(dimension)", Double(run.iterations))
            services.metric("support_vectors.\(dimension)", Double(machine.coefficients.count))
            if !run.converged {
                services.warn(
                    "The optimization for \(dimension) stopped after \(run.iterations) steps without converging, so "
                        + "its machine is not optimal. Scale the features (`scaler`), lower `c`, or raise `tolerance` "
                        + "or `max_iter`."
                )
            }
            choice(dimension, index, services)
        }
        edges(services)
    }

    /// Logs the scores of the grid, best first.
    private func choice(_ dimension: String, _ target: Int, _ services: any StageServices) {
        guard let choice = fit.choice else { return }
        let errors = choice.curve.meanSquaredError.column(target), deviations = choice.curve.deviation.column(target)
        services.metric("cv.\(dimension).mse", errors[choice.curve.best(target: target)])
        for place in errors.indices.sorted(by: { (errors[$0], $0) < (errors[$1], $1) }) {
            let candidate = choice.candidates[place]
            let slope = candidate.slope.map { ", context slope \(NumberText.short($0))" } ?? ""
            services.log(
                "\(dimension): c \(NumberText.short(candidate.c)), gamma \(candidate.gamma), epsilon "
                    + "\(NumberText.short(candidate.epsilon))\(slope): MSE "
                    + "\(NumberText.rounded(errors[place], to: 4)) ± "
                    + "\(NumberText.rounded(deviations[place], to: 4))"
            )
        }
    }

    /// Warns about a `c`, `epsilon` or `gamma` at the edge of its list; `scale` and `auto` have no edge.
    private func edges(_ services: any StageServices) {
        guard fit.choice != nil else { return }
        let targets = fit.model.targets, settings = fit.settings
        GridEdge(parameter: "c").check(zip(settings, targets).map { (value: $0.c, of: $1) }, grid: grid.cs, services)
        GridEdge(parameter: "epsilon", least: 0).check(
            zip(settings, targets).map { (value: $0.epsilon, of: $1) }, grid: grid.epsilons, services)
        let gammas: [Double] = grid.gammas.compactMap { if case .value(let gamma) = $0 { gamma } else { nil } }
        let chosen: [(value: Double, of: String)] = zip(settings, targets).compactMap { settings, target in
            if case .value(let gamma) = settings.gamma { (gamma, target) } else { nil }
        }
        GridEdge(parameter: "gamma").check(chosen, grid: gammas, services)
    }
}
