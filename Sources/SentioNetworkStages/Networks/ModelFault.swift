import SentioKit
import SentioNN
import SentioNumerics
import SentioPretrained

/// What is wrong with the files of a stored model.
struct ModelFault: Error, Equatable {
    /// The end of a sentence that begins with the model: `its weights.safetensors is not there`.
    let problem: String
    init(_ problem: String) { self.problem = problem }
}

extension ModelFault {
    /// Runs `body`, and turns what it finds wrong with the model on a port into a sentence.
    static func explained<Result>(_ port: InputPort, from kinds: String, _ body: () throws -> Result) throws -> Result {
        let problem: String
        do { return try body() } catch let fault as ModelFault { problem = fault.problem } catch let error
            as SafetensorsError
        {
            problem = "its weights.safetensors cannot be read. \("\(error)".dropLast())"
        } catch TrainingError.foreignState(let reason) {
            problem = "its weights.safetensors does not fit its config.json: \(reason)"
        } catch PretrainedError.foreignWeights(_, let reason) {
            problem = "its weights.safetensors does not fit its config.json: \(reason)"
        }
        throw StageFailure("The model on `\(port)` cannot be used: \(problem). Connect the output `model` of \(kinds).")
    }
}
