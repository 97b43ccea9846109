extension PlannedStage {
    /// What it is foreseen to take by the records that are there by now; nil where no record of its kind tells.
    package func price(by prices: PriceList) -> Price? { offer?.price(by: prices) }
}
