import GRDB
import SentioKit

extension RunWriter {
    /// Stores the `claims:` of a run's pipeline, or refers to the equal claims of an earlier run.
    func store(_ claims: PublishedClaims, run: Int64, _ db: Database) throws {
        let digest = Hashing.content(JSON.text(claims.value)).hex
        let known = try Int64.fetchOne(db, sql: "SELECT id FROM publications WHERE digest = ?", arguments: [digest])
        let publication = try known ?? insert(claims, digest: digest, db)
        try db.execute(sql: "UPDATE runs SET publication = ? WHERE number = ?", arguments: [publication, run])
    }

    private func insert(_ claims: PublishedClaims, digest: String, _ db: Database) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO publications (digest, title, opening) VALUES (?, ?, ?)",
            arguments: [digest, claims.title, claims.opening])
        let publication = db.lastInsertedRowID
        let statement = try db.cachedStatement(
            sql:
                "INSERT INTO published_claims (publication, position, model, claim, status, note) VALUES (?, ?, ?, ?, "
                + "?, ?)"
        )
        for (position, claim) in claims.claims.enumerated() {
            try statement.execute(arguments: [
                publication, position, claim.model, claim.claim, claim.status.rawValue, claim.note,
            ])
        }
        return publication
    }
}
