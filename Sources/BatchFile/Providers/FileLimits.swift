import JSONLines

/// What lines take of a file's limits.
package struct LineLoad {
  package var bytes: Int
  package var requests: Int
  /// Of embeddings, beside the first of each request.
  package var furtherInputs: Int

  package init(bytes: Int, requests: Int, furtherInputs: Int = 0) {
    self.bytes = bytes
    self.requests = requests
    self.furtherInputs = furtherInputs
  }

  package static func += (held: inout LineLoad, more: LineLoad) {
    held.bytes += more.bytes
    held.requests += more.requests
    held.furtherInputs += more.furtherInputs
  }
}

/// What an API takes in one file; where it has no limit, all there can be.
package struct FileLimits {
  package let bytes: Int
  package let requests: Int
  package let inputs: Int
  /// Whether all requests of a file must have the same model.
  package let isOfOneModel: Bool
  private let inputCount: InputCount?

  package init(_ provider: Provider) {
    bytes = provider.maxBytes > 0 ? provider.maxBytes : .max
    requests = provider.maxRequests > 0 ? provider.maxRequests : .max
    inputs = provider.maxInputs > 0 ? provider.maxInputs : .max
    isOfOneModel = provider.oneModelPerFile
    inputCount = InputCount(provider)
  }

  /// What a line of one request takes.
  ///
  /// - Parameters:
  ///   - bytes: the size of the line with its end.
  ///   - request: the line as JSON; nil where it is not.
  package func load(bytes: Int, _ request: JSONValue?) -> LineLoad {
    LineLoad(bytes: bytes, requests: 1, furtherInputs: request.flatMap { inputCount?.further(of: $0) } ?? 0)
  }

  /// The same for the text of a line with its end. It is read as JSON only where the API limits the inputs of a file.
  package func load(_ line: UnsafeRawBufferPointer, _ document: JSONDocument) -> LineLoad {
    guard inputCount != nil else { return load(bytes: line.count, nil) }
    let isJSON = PaddedBytes.withCopy(of: line) { JSONScanner.scan($0, into: document) == nil }
    return load(bytes: line.count, isJSON ? document.root : nil)
  }

  /// - Parameter held: what the file holds already.
  /// - Returns: the limit that more would pass; nil where there is room.
  package func refusal(of more: LineLoad, after held: LineLoad) -> TargetRefusal? {
    if held.bytes + more.bytes > bytes { return TargetRefusal(code: .maximumInputFileSizeExceeded, limit: bytes) }
    if held.requests + more.requests > requests {
      return TargetRefusal(code: .maximumRequestsExceeded, limit: requests)
    }
    let further = held.furtherInputs + more.furtherInputs
    // Only inputs beside the first make more of them than requests.
    if further > 0, held.requests + more.requests + further > inputs {
      return TargetRefusal(code: .maximumInputsExceeded, limit: inputs)
    }
    return nil
  }
}

/// The limit for which a file has no room for more lines.
package struct TargetRefusal {
  var code: Code
  var limit: Int
}
