import JSONLines

/// The checkers of endpoints that a worker has. Each is made for the first line that names its endpoint.
struct EndpointCheckers {
  private let rules: RuleSet
  /// The urls of `rules`.
  private let urls: KeyTable
  private let remembered: RememberedValues
  /// A checker for each of `rules.endpoints`; nil until a line names the endpoint.
  private var made: [EndpointChecker?]

  init(_ rules: RuleSet, _ remembered: RememberedValues) {
    self.rules = rules
    self.remembered = remembered
    urls = rules.urls.table
    made = Array(repeating: nil, count: rules.endpoints.count)
  }

  /// The checker for a line's body; nil where the url names no known endpoint, so that only the body's model can be
  /// checked.
  mutating func checker(of envelope: Envelope) -> EndpointChecker? {
    var ordinal = rules.soleEndpoint
    if let url = envelope.url, url.kind == .string {
      // A wrong url does not say which endpoint was meant, so the body cannot be checked.
      ordinal = urls.find(url).flatMap { rules.endpointOfURL[$0] }
    }
    guard let ordinal else { return nil }
    if let known = made[ordinal] { return known }
    let new = EndpointChecker(
      rules.endpoints[ordinal], of: rules.provider, ordinal: ordinal, remembered: remembered)
    made[ordinal] = new
    return new
  }
}
