import SentioCommands
import SentioStages

await SentioTool.main(kinds: BuiltinStages.all, groups: BuiltinStages.groups)
