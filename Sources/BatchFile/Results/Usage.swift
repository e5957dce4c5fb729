import JSONLines

/// Sums of the tokens that the API counted.
public struct TokenCounts: Codable, Hashable, Sendable {
  /// The tokens of the input: `prompt_tokens` or `input_tokens`.
  public var input = 0
  /// The tokens of ``input`` that came from a cache.
  public var cached = 0
  /// The tokens of the output with its reasoning: `completion_tokens` or `output_tokens`.
  public var output = 0
  /// The tokens of ``output`` that are reasoning.
  public var reasoning = 0

  public init(input: Int = 0, cached: Int = 0, output: Int = 0, reasoning: Int = 0) {
    self.input = input
    self.cached = cached
    self.output = output
    self.reasoning = reasoning
  }

  static func + (a: TokenCounts, b: TokenCounts) -> TokenCounts {
    TokenCounts(
      input: sum(a.input, b.input), cached: sum(a.cached, b.cached), output: sum(a.output, b.output),
      reasoning: sum(a.reasoning, b.reasoning))
  }

  /// A sum that cannot overflow, because files may hold any number.
  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, isOver) = a.addingReportingOverflow(b)
    return isOver ? .max : sum
  }
}

/// The members of one answer's `usage`. Groq's members with fractions are seconds, not tokens.
struct UsageView {
  /// The tokens of the input and the output; nil where the API does not give them.
  var input: JSONValue?
  var output: JSONValue?
  private(set) var cached: JSONValue?
  private(set) var reasoning: JSONValue?

  init(_ usage: JSONValue) {
    for (key, value) in usage.fields {
      if key.isString("prompt_tokens") || key.isString("input_tokens") {
        input = value
      } else if key.isString("completion_tokens") || key.isString("output_tokens") {
        output = value
      } else if key.isString("prompt_tokens_details") || key.isString("input_tokens_details") {
        cached = value["cached_tokens"]
      } else if key.isString("completion_tokens_details") || key.isString("output_tokens_details") {
        reasoning = value["reasoning_tokens"]
      }
    }
  }

  var counts: TokenCounts {
    TokenCounts(
      input: UsageView.count(input), cached: UsageView.count(cached), output: UsageView.count(output),
      reasoning: UsageView.count(reasoning))
  }

  private static func count(_ value: JSONValue?) -> Int {
    value?.number.map(count) ?? 0
  }

  /// Files from elsewhere may hold any number.
  static func count(_ number: Double) -> Int {
    guard number > 0, number < 1e15 else { return 0 }
    return Int(number)
  }
}
