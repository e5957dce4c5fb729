/// Sends requests to servers. It is the only connection between this library and the network, so another implementation
/// can replace it.
///
/// ``CurlTransport`` is the implementation of this package. Tests have one that gives answers of their own.
public protocol Transport: Sendable {
  /// Sends one request, once. It repeats nothing and follows no redirect, because the caller decides about that.
  ///
  /// The body of a 2xx reply is written to ``APIRequest/destination``, if the request names one. Every other body is
  /// kept in memory.
  ///
  /// - Throws: ``TransportError`` where no complete reply with a final status came.
  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse
}

/// Why no complete reply came.
public struct TransportError: Error, Hashable, Sendable {
  /// What kind of fault it was.
  public enum Kind: Hashable, Sendable {
    /// A fault of the network or the server that may pass, so that another try makes sense.
    case interrupted
    /// A fault of the network or the server that another try would meet again.
    case failed
    /// Something on this machine is missing or wrong: no curl, a file that cannot be read, an unknown certificate.
    case unusable
    /// The task was cancelled.
    case cancelled
  }

  public var kind: Kind
  /// One sentence without a full stop, in the words of the transport or the system.
  public var message: String
  /// How many bytes of the request were sent; nil where that is not known. Only 0 proves that nothing can have arrived.
  public var bytesSent: Int?
  /// The part of a reply that came before the connection broke.
  public var response: APIResponse?

  public init(_ kind: Kind, _ message: String, bytesSent: Int? = nil, response: APIResponse? = nil) {
    self.kind = kind
    self.message = message
    self.bytesSent = bytesSent
    self.response = response
  }
}
