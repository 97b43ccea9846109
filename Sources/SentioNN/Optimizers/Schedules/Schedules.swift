/// The learning-rate schedules that a network can be trained with, by name.
public enum Schedules {
    /// Every schedule, in the order in which pipelines list them.
    public static let all: [any Schedule.Type] = [
        ConstantSchedule.self, CosineSchedule.self, LinearSchedule.self, PlateauSchedule.self,
    ]

    /// Hyperparameters of all schedules; each uses its own.
    public struct Settings: Sendable, Hashable {
        /// The factor at the end of a schedule that falls.
        public var floor: Double
        /// The schedule `plateau` itself.
        public var plateau: PlateauSchedule

        /// Down to 0, and the plateau of the Sentio study.
        public init(floor: Double = 0, plateau: PlateauSchedule = PlateauSchedule()) {
            (self.floor, self.plateau) = (floor, plateau)
        }
    }
}
