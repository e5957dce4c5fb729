extension PriceTable {
  private static let openaiSource = "LiteLLM 1.110.2's table of batch prices, 2026-11"
  private static let openaiDate = "2026-11-25"

  /// OpenAI's batch prices, from `model_prices_and_context_window.json` of https://github.com/BerriAI/litellm. Where
  /// the batch price of cached input is not known, it counts like other input, so that a sum may be too high but never
  /// too low.
  public static let openai = PriceTable([
    "gpt-6-astra": openai(5, 25, cached: 0.5, step: longContext),
    "gpt-6-sol": openai(1, 5, cached: 0.1, step: longContext),
    "gpt-6.1-sol": openai(1, 5, cached: 0.05, step: longContext),
    "gpt-6.1-terra": openai(0.5, 2.5, cached: 0.025, step: longContext),
    "gpt-6-luna": openai(0.05, 0.25, cached: 0.005, step: longContext),
    "gpt-5.6": openai(2, 10, cached: 0.2, step: longContext),
    "gpt-5.6-sol": openai(2, 10, cached: 0.2, step: longContext),
    "gpt-5.6-terra": openai(1, 6, cached: 0.1, step: longContext),
    "gpt-5.6-luna": openai(0.1, 0.6, cached: 0.01, step: longContext),
    "gpt-5.5": openai(2.5, 15, cached: 0.25, step: longContext),
    "gpt-5.5-pro": openai(15, 90, step: longContext),
    "gpt-5.4": openai(1.25, 7.5, cached: 0.13, step: longContext),
    "gpt-5.4-pro": openai(15, 90, step: longContext),
    "gpt-5.4-mini": openai(0.375, 2.25, cached: 0.0375),
    "gpt-5.4-nano": openai(0.1, 0.625, cached: 0.01),
    "gpt-5.2": openai(0.875, 7, cached: 0.0875),
    "gpt-5.2-pro": openai(10.5, 84),
    "gpt-5.1": openai(0.625, 5, cached: 0.0625),
    "gpt-5": openai(0.625, 5, cached: 0.0625),
    "gpt-5-pro": openai(7.5, 60),
    "gpt-5-mini": openai(0.125, 1, cached: 0.0125),
    "gpt-5-nano": openai(0.025, 0.2, cached: 0.0025),
    "gpt-4.1": openai(1, 4),
    "gpt-4.1-mini": openai(0.2, 0.8),
    "gpt-4.1-nano": openai(0.05, 0.2),
    "gpt-4o": openai(1.25, 5),
    "gpt-4o-mini": openai(0.075, 0.3),
    "o1": openai(7.5, 30),
    "o3": openai(1, 4),
    "o3-pro": openai(10, 40),
    "o3-mini": openai(0.55, 2.2),
    "o4-mini": openai(0.55, 2.2),
    "text-embedding-3-small": openai(0.01, 0),
    "text-embedding-3-large": openai(0.065, 0),
  ])

  /// For a request with more than 272,000 tokens of input, the price of input is twice as high and that of output one
  /// and a half times.
  private static let longContext = Price.LongContext(above: 272_000, inputFactor: 2, outputFactor: 1.5)

  private static func openai(
    _ input: Double, _ output: Double, cached: Double? = nil, step: Price.LongContext? = nil
  ) -> Price {
    Price(
      input: input, output: output, cached: cached, longContext: step, date: openaiDate, source: openaiSource)
  }
}
