import JSONLines

/// How many inputs of embeddings a request has, where an API takes so many in all requests of a file together.
package struct InputCount {
  private let endpoints: [Endpoint]

  /// - Returns: nil where the API has no such limit.
  package init?(_ provider: Provider) {
    guard provider.maxInputs > 0 else { return nil }
    endpoints = provider.endpoints
  }

  /// The inputs beside the first, which each request has.
  package func further(of request: JSONValue) -> Int {
    guard let url = request["url"], url.kind == .string, Endpoint.find(url.text, in: endpoints)?.countsInputs == true,
      let body = request["body"]
    else { return 0 }
    return InputCount.further(in: body)
  }

  /// The same for a body of an endpoint that counts them.
  static func further(in body: JSONValue) -> Int {
    guard let input = body["input"], input.kind == .array else { return 0 }
    var count = 0
    for item in input.items {
      // An array of numbers is one input.
      if item.kind == .number { return 0 }
      count += 1
    }
    return max(0, count - 1)
  }
}
