extension PriceTable {
  private static let groqSource = "https://console.groq.com/docs/batch"
  private static let groqDate = "2026-11-25"

  /// Groq's batch prices. They are half of the synchronous prices for every completion window, without a further
  /// discount for cached input (https://console.groq.com/docs/batch). The synchronous prices are from LiteLLM 1.108.7
  /// of 2026-11.
  public static let groq = PriceTable([
    "openai/gpt-oss-120b": groq(0.075, 0.30),
    "openai/gpt-oss-20b": groq(0.0375, 0.15),
    "openai/gpt-oss-safeguard-20b": groq(0.0375, 0.15),
    // Shut on 2026-08-16 but for enterprise contracts.
    "llama-3.3-70b-versatile": groq(0.295, 0.395),
    "llama-3.1-8b-instant": groq(0.025, 0.04),
  ])

  private static func groq(_ input: Double, _ output: Double) -> Price {
    Price(input: input, output: output, date: groqDate, source: groqSource)
  }
}
