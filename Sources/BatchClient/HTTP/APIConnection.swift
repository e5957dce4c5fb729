import Foundation

/// The only type that sends requests. It holds the host and the key, tries again as the policy says, and follows
/// redirects of downloads without the key.
struct APIConnection: Sendable {
  /// How many redirects of a download are followed.
  private static let redirectLimit = 5

  let base: WebAddress
  /// The headers with the key and those of the provider. Only the API's host gets them.
  let headers: APIHeaders
  let transport: any Transport
  let policy: RetryPolicy
  let clock: any WallClock
  let words: CleanWords

  /// Sends a call, several times if the policy allows it.
  /// - Throws: ``ClientError`` where no reply with a 2xx status came.
  func send(_ call: APICall) async throws(ClientError) -> APIResponse {
    var tried = 0
    while true {
      tried += 1
      let outcome: RetryPolicy.Outcome
      let failure: ClientError
      do throws(TransportError) {
        let response = try await reply(to: call)
        let isGood = (200..<300).contains(response.status)
        if isGood, call.isAnswer(response) { return response }
        var error = ClientError(response, now: clock.now, words)
        if isGood {
          // This is not a refusal: the API may have done what was asked.
          error.kind = .unreadable
          error.delivery = .unknown
          error.message = words.clean("no \(call.wanted) in the reply: \(error.message)")
        }
        failure = error
        outcome = isGood ? .unreadable : .status(response.status, retryAfter: failure.retryAfter)
      } catch {
        failure = ClientError(error, words)
        // The caller keeps the part of a file that came. Another try would empty it.
        if call.destination != nil, error.response != nil { throw failure }
        outcome = .failure(error.kind, bytesSent: error.bytesSent)
      }
      guard let pause = policy.pause(after: outcome, call.repeatability, tried: tried, jitter: .random(in: 0...1))
      else {
        throw failure
      }
      do { try await clock.sleep(seconds: pause) } catch {
        // The error has the delivery of the last try, since a pause follows only a try that may be repeated.
        throw ClientError(.cancelled, delivery: failure.delivery, message: "cancelled")
      }
    }
  }

  private func reply(to call: APICall) async throws(TransportError) -> APIResponse {
    var request = APIRequest(
      method: call.method, url: call.url(on: base), headers: headers, body: call.body, destination: call.destination)
    for field in call.headers.fields { request.headers[field.name] = field.value }
    request.timeouts = call.timeouts
    request.progress = call.progress
    var address = base
    var redirects = 0
    while true {
      let response = try await transport.send(request)
      if call.followsRedirects, [301, 302, 303, 307, 308].contains(response.status),
        redirects < APIConnection.redirectLimit, let location = response.headers["location"],
        let target = (WebAddress(request.url) ?? address).following(location), isAllowed(target)
      {
        redirects += 1
        if !target.hasSameOrigin(as: base) {
          // The other host is not the API's and any header may hold the key, so only the range is sent along.
          var few = APIHeaders()
          few["Range"] = request.headers["Range"]
          few["Accept-Encoding"] = request.headers["Accept-Encoding"]
          request.headers = few
        }
        address = target
        request.url = target.description
        continue
      }
      if (200..<300).contains(response.status), call.method == "GET", !request.acceptsCompression,
        isCompressed(response)
      {
        // The reply is compressed although that was not asked for. If the call may be repeated, it is, and curl unpacks
        // the reply.
        request.acceptsCompression = true
        request.headers["Accept-Encoding"] = nil
        continue
      }
      return response
    }
  }

  private func isCompressed(_ response: APIResponse) -> Bool {
    guard let coding = response.headers["content-encoding"]?.lowercased() else { return false }
    return !coding.isEmpty && coding != "identity"
  }

  /// Whether a redirect may be followed. Not from an encrypted host to an unencrypted one, and to this machine only
  /// from this machine.
  private func isAllowed(_ target: WebAddress) -> Bool {
    if target.isLoopback { return base.isLoopback }
    return target.isSecure || !base.isSecure
  }
}
