import Foundation

/// The only place that sends: it holds the host and the key, tries again by the policy, and follows redirects of
/// downloads without the key.
struct APIConnection: Sendable {
  /// How many redirects of a download are followed.
  private static let redirectLimit = 5

  let base: WebAddress
  /// Those that carry the key or come from the provider: for the API's host only.
  let headers: APIHeaders
  let transport: any Transport
  let policy: RetryPolicy
  let clock: any WallClock
  let words: CleanWords

  /// - Throws: ``ClientError`` where there is no reply with a 2xx status.
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
          // No refusal: what was asked for may be done.
          error.kind = .unreadable
          error.delivery = .unknown
          error.message = words.clean("no \(call.wanted) in the reply: \(error.message)")
        }
        failure = error
        outcome = isGood ? .unreadable : .status(response.status, retryAfter: failure.retryAfter)
      } catch {
        failure = ClientError(error, words)
        // What came of a file is kept by who called; another try would begin by emptying it.
        if call.destination != nil, error.response != nil { throw failure }
        outcome = .failure(error.kind, bytesSent: error.bytesSent)
      }
      guard let pause = policy.pause(after: outcome, call.repeatability, tried: tried, jitter: .random(in: 0...1))
      else {
        throw failure
      }
      do { try await clock.sleep(seconds: pause) } catch {
        // The last try's delivery stands: a pause is made after tries only that may be repeated.
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
          // The range goes along, nothing else: the other host is not the API's, and a key may be in any header.
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
        // It came packed although nobody asked for that. Only what may be asked again is, this time unpacked by curl.
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

  /// Never from an encrypted host to one that is not, and to this machine only from this machine.
  private func isAllowed(_ target: WebAddress) -> Bool {
    if target.isLoopback { return base.isLoopback }
    return target.isSecure || !base.isSecure
  }
}
