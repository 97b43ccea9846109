import SentioKit
import SentioSongStages

extension NetworkTraining {
    /// The group of each training item, for `balance`; empty where every item is drawn equally often.
    /// - throws: `StageFailure` for a column that the labels lack, and for synthetic items, which have no labels.
    func groups(of items: TrainingItems) throws -> [Int] {
        guard let column = recipe.balance else { return [] }
        guard labels.columns.contains(column), column != "song_id" else {
            let known = labels.columns.filter { $0 != "song_id" }
            let hint = Suggestion.nearest(to: column, among: known).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure(
                "The labels have no column `\(column)` for `balance`; they have \(IDList.text(known)).\(hint)")
        }
        guard items.syntheticCount == 0 else {
            throw StageFailure(
                "`balance` needs the labels of all training items, and synthetic items have none. Set `balance: null`.")
        }
        let values = try labels.rows(for: items.ids, columns: [column]).map { $0[0] }
        let names = Set(values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let number = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let sizes = names.map { name in values.count { $0 == name } }
        context.services.log(
            "training items by \(column), each value drawn equally often: "
                + zip(names, sizes).map { "\($0.isEmpty ? "(none)" : $0) \($1)" }.joined(separator: ", "))
        if names.count == 1 {
            context.services.warn(
                "All training songs have the same `\(column)`, so `balance` changes only their order.")
        }
        let without = zip(items.ids, values).filter { $0.1.isEmpty }.map(\.0)
        if !without.isEmpty, names.count > 1 {
            context.services.warn(
                "\(IDList.songs(without.count)) in training without a `\(column)` are drawn as a group of their own: "
                    + "\(IDList.text(without)).")
        }
        return values.compactMap { number[$0] }
    }
}
