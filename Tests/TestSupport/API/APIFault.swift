import Foundation

/// A fault that meets one request: whether the API does what was asked, and how the answer is changed or lost.
package struct APIFault: Sendable {
  /// Whether the API does what the request asks for.
  package let acts: Bool
  /// Makes the answer that is sent from the true one, which is nil where the API did not act.
  package let answer: @Sendable (HTTPAnswer?, HTTPRequest) -> HTTPAnswer

  /// Happens before the API acts.
  let before: @Sendable () -> Void

  private init(
    acts: Bool, before: @escaping @Sendable () -> Void = {},
    answer: @escaping @Sendable (HTTPAnswer?, HTTPRequest) -> HTTPAnswer
  ) {
    self.acts = acts
    self.before = before
    self.answer = answer
  }

  /// The API does nothing and gives this answer.
  package static func refused(_ answer: HTTPAnswer) -> APIFault { APIFault(acts: false) { _, _ in answer } }

  /// The API does nothing, `act` is called, and the API gives this answer.
  package static func refused(_ answer: HTTPAnswer, after act: @escaping @Sendable () -> Void) -> APIFault {
    APIFault(acts: false) { _, _ in
      act()
      return answer
    }
  }

  /// The API does what was asked, and another answer is sent.
  package static func lost(_ answer: HTTPAnswer) -> APIFault { APIFault(acts: true) { _, _ in answer } }

  /// The API does what was asked, and its answer is changed.
  package static func changed(_ change: @escaping @Sendable (HTTPAnswer) -> HTTPAnswer) -> APIFault {
    APIFault(acts: true) { answer, _ in answer.map(change) ?? HTTPAnswer(500) }
  }

  /// The API does what was asked, and the connection breaks during its answer.
  package static func broken(_ wire: HTTPAnswer.Wire) -> APIFault { changed { $0.with(wire) } }

  /// The same, with another way to tell where the body ends.
  package static func broken(_ framing: HTTPAnswer.Framing, _ wire: HTTPAnswer.Wire) -> APIFault {
    changed { $0.with(framing, wire) }
  }

  /// No fault, to let some requests through before a fault.
  package static let none = changed { $0 }

  /// `act` is called before the true answer is sent.
  package static func meanwhile(_ act: @escaping @Sendable () -> Void) -> APIFault {
    changed {
      act()
      return $0
    }
  }

  /// Something else happens, and only then the API does what was asked.
  package static func late(after act: @escaping @Sendable () -> Void) -> APIFault {
    APIFault(acts: true, before: act) { answer, _ in answer ?? HTTPAnswer(500) }
  }

  /// The answer redirects the client to another address.
  package static func redirect(to url: String, status: Int = 302) -> APIFault {
    .refused(HTTPAnswer(status, "", type: "text/plain").with("Location", url))
  }
}

extension HTTPAnswer {
  /// An error in the API's form.
  package static func error(
    _ status: Int, _ message: String, type: String = "invalid_request_error", code: JSON = nil, param: JSON = nil
  ) -> HTTPAnswer {
    let error: JSON = ["error": ["message": .text(message), "type": .text(type), "code": code, "param": param]]
    return HTTPAnswer(status, error.data).with("x-request-id", "req_error_\(status)")
  }

  /// An HTML page, as a proxy in front of the API sends it.
  package static func page(_ status: Int) -> HTTPAnswer {
    HTTPAnswer(
      status, "<!DOCTYPE html>\n<html><head><title>proxy</title></head><body>\u{1B}[31mA proxy speaks</body></html>\n",
      type: "text/html; charset=UTF-8")
  }

  /// 429, with `Retry-After` where it is given.
  package static func tooMany(retryAfter: String? = nil) -> HTTPAnswer {
    let answer = error(429, "Rate limit reached. Please try again.", type: "requests", code: "rate_limit_exceeded")
    return retryAfter.map { answer.with("Retry-After", $0) } ?? answer
  }

  /// Groq's answer to a key whose plan has no batches.
  package static let noPlan = error(
    403, "Batch is not available for your plan", type: "permissions_error", code: "not_available_for_plan")

  /// Groq's answer to a key it does not know.
  package static let badKey = error(401, "Invalid API Key", code: "invalid_api_key")
}
