import BatchClient
import Foundation
import Testing

/// Gives the answers of a list, each once and in order. A request that is not the next one of the list fails the test,
/// and so does an answer that was not used.
final class ScriptedTransport: Transport, @unchecked Sendable {
  // Unchecked: `steps` and `log` are only read and written under the lock.
  private let lock = NSLock()
  private var steps: [Step]
  private var log: [APIRequest] = []

  struct Step: Sendable {
    let method: String
    /// The end of the address.
    let path: String
    let reply: Result<APIResponse, TransportError>

    static func answer(
      _ method: String, _ path: String, _ text: String, status: Int = 200, headers: APIHeaders = [:]
    ) -> Step {
      Step(
        method: method, path: path,
        reply: .success(APIResponse(status: status, headers: headers, body: Array(text.utf8))))
    }

    static func fails(_ method: String, _ path: String, _ error: TransportError) -> Step {
      Step(method: method, path: path, reply: .failure(error))
    }
  }

  private init(_ steps: [Step]) { self.steps = steps }

  /// Runs `body` with a transport, and fails the test if answers are left afterwards.
  static func run<T>(
    _ steps: [Step], sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (ScriptedTransport) async throws -> T
  ) async throws -> T {
    let transport = ScriptedTransport(steps)
    let result = try await body(transport)
    for step in transport.lock.withLock({ transport.steps }) {
      Issue.record("nobody asked for \(step.method) \(step.path)", sourceLocation: sourceLocation)
    }
    return result
  }

  var requests: [APIRequest] { lock.withLock { log } }

  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    let step: Step? = lock.withLock {
      log.append(request)
      return steps.isEmpty ? nil : steps.removeFirst()
    }
    guard let step, step.method == request.method, request.url.hasSuffix(step.path) else {
      Issue.record(
        "\(request.method) \(request.url) was not to come\(step.map { ", but \($0.method) \($0.path)" } ?? "")")
      throw TransportError(.failed, "not in the script", bytesSent: 0)
    }
    var response = try step.reply.get()
    guard let destination = request.destination, (200..<300).contains(response.status) else { return response }
    // Like every transport, it writes the body of a 2xx reply to the file.
    guard FileManager.default.createFile(atPath: "\(destination)", contents: Data(response.body)) else {
      throw TransportError(.unusable, "\(destination) cannot be written", bytesSent: 0)
    }
    response.bytesSaved = response.body.count
    response.body = []
    return response
  }
}
