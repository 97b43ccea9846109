import GRDB
import SentioKit

extension RunStore {
    /// The published claims of a run's pipeline (`claims:`).
    /// - Returns: nil for a run without claims, and for a file whose older schema lacks them and could not be upgraded.
    static func claims(of run: Int64, _ db: Database) throws -> PublishedClaims? {
        guard try db.tableExists("publications"),
            let head = try Row.fetchOne(
                db,
                sql:
                    "SELECT p.id, p.title, p.opening FROM publications p JOIN runs r ON r.publication = p.id WHERE "
                    + "r.number = ?",
                arguments: [run])
        else { return nil }
        let publication: Int64 = head[0]
        let claims = try Row.fetchAll(
            db, sql: "SELECT model, claim, status, note FROM published_claims WHERE publication = ? ORDER BY position",
            arguments: [publication]
        ).map { row in
            PublishedClaims.Claim(
                model: row[0], claim: row[1], status: PublishedClaims.Status(rawValue: row[2]) ?? .never, note: row[3])
        }
        return PublishedClaims(title: head[1], opening: head[2], claims: claims)
    }
}
