import PeakStage
import SentioCommands
import SentioStages

// Everything that sentio-pipeline can, and one kind more.
await SentioTool.main(kinds: BuiltinStages.all + [PeakStage.self], groups: BuiltinStages.groups)
