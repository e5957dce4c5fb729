/// What carries one request to a server and its reply back: the only seam between this library and the network.
///
/// ``CurlTransport`` is the one that ships; tests give answers of their own.
public protocol Transport: Sendable {
  /// Sends one request, once. Nothing is repeated and no redirect is followed: who calls decides that.
  ///
  /// The body of a reply with a 2xx status goes to ``APIRequest/destination`` where the request names one; every other
  /// body comes in memory.
  ///
  /// - Throws: ``TransportError`` where no whole reply with a final status came.
  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse
}

/// Why there is no whole reply.
public struct TransportError: Error, Hashable, Sendable {
  /// What may be done about it.
  public enum Kind: Hashable, Sendable {
    /// A fault of the network or the server that may pass.
    case interrupted
    /// A fault of the network or the server that stays.
    case failed
    /// Something on this machine is missing or wrong: no curl, a file that cannot be read, an unknown certificate.
    case unusable
    /// The task was cancelled.
    case cancelled
  }

  public var kind: Kind
  /// One sentence without a closing period, as the network library or the system says it.
  public var message: String
  /// How many bytes of the request were sent; nil where nobody knows. Only 0 proves that nothing can have arrived.
  public var bytesSent: Int?
  /// What came of a reply that was cut.
  public var response: APIResponse?

  public init(_ kind: Kind, _ message: String, bytesSent: Int? = nil, response: APIResponse? = nil) {
    self.kind = kind
    self.message = message
    self.bytesSent = bytesSent
    self.response = response
  }
}
