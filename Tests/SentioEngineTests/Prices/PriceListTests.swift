import SentioKit
import SentioSpec
import Testing

@testable import SentioEngine

/// What records tell of work of another size, and what they do not tell.
@Suite struct PriceListTests {
    private let records = MemoryRecordStore()

    private func store(
        _ amounts: [String: Double], _ seconds: Double, pace: String = "p", threads: Int = 2, share: Double = 1,
        isProportional: Bool = true,
        number: Int = 0, version: Int = 1
    ) {
        let parts = KeyParts(kind: "k", version: version, configuration: ["n": .int(number)], inputs: [:])
        var record = StageRecord(
            key: Hashing.stageKey(parts), stage: "s", pipeline: "p", run: "r", parts: parts, outputs: [:],
            seconds: seconds,
            reason: "", finishedAt: Double(number))
        record.work = MeasuredWork(
            load: Workload(amounts, pace: pace, isProportional: isProportional), share: share, threads: threads)
        records.store(record)
    }

    private func price(_ amounts: [String: Double]?, pace: String = "p", threads: Int = 2, isProportional: Bool = true)
        -> Price?
    {
        PriceList(records).price(
            "k", version: 1, amounts.map { Workload($0, pace: pace, isProportional: isProportional) }, threads: threads)
    }

    private func isClose(_ price: Price?, _ seconds: Double, by factor: Double = 1.1) -> Bool {
        price.map {
            $0.seconds / seconds < factor && seconds / $0.seconds < factor && $0.low <= $0.seconds
                && $0.seconds <= $0.high
        }
            ?? false
    }

    @Test func withoutARecordNothingIsKnown() {
        #expect(price(["songs": 60]) == nil)
        store(["songs": 60], 6)
        #expect(price(nil) == nil && price(["epochs": 3]) == nil)
        #expect(PriceList(records).price("other", version: 1, Workload(["songs": 60], pace: "p"), threads: 2) == nil)
    }

    @Test func secondsGrowInProportion() {
        store(["songs": 60], 6)
        #expect(
            isClose(price(["songs": 60]), 6) && isClose(price(["songs": 120]), 12) && isClose(price(["songs": 30]), 3))
        #expect(price(["songs": 60])?.records == 1)
    }

    @Test func aShortStageIsNotMultipliedBlindly() throws {
        store(["songs": 12], 0.01)
        let price = try #require(self.price(["songs": 1200]))
        #expect(price.low <= 0.011 && price.high >= 1, "most of it may be what every stage takes: \(price)")
    }

    @Test func severalRecordsMakeARangeAndTheNearestCount() throws {
        store(["songs": 100], 10, number: 1)
        store(["songs": 110], 16, number: 2)
        store(["songs": 5000], 5, number: 3)
        let price = try #require(self.price(["songs": 100]))
        #expect(price.records == 2 && price.low <= 10 && price.high >= 14.4 && price.high < 16)
    }

    @Test func farAwayIsSaidWithDoubt() throws {
        store(["songs": 10], 10)
        let near = try #require(self.price(["songs": 20])), far = try #require(self.price(["songs": 1000]))
        #expect(near.high / near.low < 1.1 && far.high / far.low > 2)
        store(["songs": 1000], 1000, share: 0.001)
        #expect(try #require(price(["songs": 1000])).high > 1500, "one song of a thousand tells no more than one song")
    }

    @Test func anotherPaceTellsRoughly() throws {
        store(["operations": 100], 10, pace: "small network", number: 1)
        let rough = try #require(price(["operations": 100]))
        #expect(rough.low <= 5 && rough.high >= 20)
        store(["operations": 100], 30, number: 2)
        #expect(isClose(price(["operations": 100]), 30), "a record of the same pace is all that counts")
        #expect(price(["operations": 100]).map { $0.high / $0.low < 1.1 } == true)
    }

    @Test func otherThreadsTellWithinTheirGain() throws {
        store(["songs": 100], 10, threads: 1)
        let price = try #require(self.price(["songs": 100], threads: 4))
        #expect(price.low <= 2.5 && price.high >= 10)
    }

    @Test func withoutALawOnlyTheSameSizeTells() {
        store(["items": 100], 10, isProportional: false)
        #expect(
            isClose(price(["items": 100], isProportional: false), 10)
                && isClose(price(["items": 110], isProportional: false), 10, by: 1.2))
        #expect(
            price(["items": 200], isProportional: false) == nil && price(["items": 50], isProportional: false) == nil)
        #expect(price(["items": 100], pace: "other parameters", isProportional: false) == nil)
    }

    @Test func sumsSayWhatTheyLeaveOut() {
        let price = Price(seconds: 3, low: 2, high: 5, records: 1), sum = PriceSum([price, nil, price])
        #expect(
            sum.known == 2 && sum.unknown == 1 && sum.price.seconds == 6 && sum.price.low == 4 && sum.price.high == 10)
    }

    @Test func whatIsLeftOfATrainingIsPricedByItsFirstPart() throws {
        var offer = StageOffer(kind: "k", version: 1, load: nil, threads: 2)
        #expect(offer.price(by: PriceList(records)) == nil)
        offer.resumption = Resumption(mark: CheckpointMark(unit: "epoch", done: 78, total: 100), secondsBefore: 78)
        #expect(isClose(offer.price(by: PriceList(records)), 22))
    }

    @Test func recordsKeepTheirWorkAndOldOnesAreRead() throws {
        store(["songs": 60.5], 6, share: 0.25, number: 4)
        let record = try #require(records.recent(kind: "k", atMost: 1).first)
        #expect(StageRecord(key: record.key, encoded: record.encoded) == record)
        var fields = try #require(try JSON.parse(record.encoded).map)
        (fields["work"], fields["seconds"], fields["cost"]) = (nil, .double(-3.5), .double(-3.5))
        let old = JSON.text(.map(fields))
        let read = try #require(StageRecord(key: record.key, encoded: Array(old.utf8)))
        #expect(read.work == nil && read.seconds == 0 && read.cost == 0, "a clock that was set back: \(old)")
    }
}
