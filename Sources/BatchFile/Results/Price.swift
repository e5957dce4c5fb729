/// The price of a model's tokens in a batch, in US dollars per million tokens.
public struct Price: Hashable, Sendable {
  /// The higher price of requests with a long input.
  public struct LongContext: Hashable, Sendable {
    /// The number of input tokens above which a request costs more.
    public var above: Int
    public var inputFactor: Double
    public var outputFactor: Double

    public init(above: Int, inputFactor: Double, outputFactor: Double = 1) {
      self.above = above
      self.inputFactor = inputFactor
      self.outputFactor = outputFactor
    }
  }

  public var input: Double
  public var output: Double
  /// The price of input that came from a cache; nil where it costs as much as other input.
  public var cached: Double?
  public var longContext: LongContext?
  /// The day on which the price was read, as YYYY-MM-DD.
  public var date: String
  public var source: String

  public init(
    input: Double, output: Double, cached: Double? = nil, longContext: LongContext? = nil, date: String, source: String
  ) {
    self.input = input
    self.output = output
    self.cached = cached
    self.longContext = longContext
    self.date = date
    self.source = source
  }

  /// The cost of tokens in US dollars.
  /// - Parameter isLong: whether they are of requests above the long-context step.
  public func cost(_ tokens: TokenCounts, isLong: Bool) -> Double {
    let step = isLong ? longContext : nil
    let cachedTokens = min(tokens.cached, tokens.input)
    let fresh = Double(tokens.input - cachedTokens) * input + Double(cachedTokens) * (cached ?? input)
    return (fresh * (step?.inputFactor ?? 1) + Double(tokens.output) * output * (step?.outputFactor ?? 1)) / 1e6
  }
}

/// Prices by the names of models.
public struct PriceTable: Sendable {
  public var prices: [String: Price]

  public init(_ prices: [String: Price] = [:]) { self.prices = prices }

  /// All built-in prices.
  public static let known = PriceTable(groq.prices.merging(openai.prices) { first, _ in first })

  /// The price of a model, by its name or by the part of it before a date (`gpt-4o-mini-2024-07-18`); nil where none is
  /// known.
  public func price(of model: String) -> Price? {
    if let price = prices[model] { return price }
    // The name may end with a date, which begins with the four digits of a year.
    let scalars = Array(model.utf8)
    var k = scalars.count - 5
    while k > 0 {
      if scalars[k] == UInt8(ascii: "-"), scalars[k + 1..<k + 5].allSatisfy({ 48...57 ~= $0 }) {
        if let price = prices[String(decoding: scalars[..<k], as: UTF8.self)] { return price }
      }
      k -= 1
    }
    return nil
  }
}
