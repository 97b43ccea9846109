import SentioKit

enum DemoDataset {
    static func make(count: Int, limit: Int, context: StageContext) throws -> SongTable {
        throw StageFailure("Demo songs are not built in yet.")
    }
}
