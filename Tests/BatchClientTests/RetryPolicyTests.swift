import BatchClient
import Foundation
import Testing

struct RetryPolicyTests {
  private let policy = RetryPolicy()

  @Test(arguments: [(1, 0.5), (2, 1.0), (3, 2.0)])
  func waitsTwiceAsLongEachTime(tried: Int, seconds: Double) {
    #expect(policy.pause(after: .status(500, retryAfter: nil), .freely, tried: tried, jitter: 0) == seconds)
    #expect(policy.pause(after: .status(500, retryAfter: nil), .freely, tried: tried, jitter: 1) == seconds * 0.75)
  }

  @Test func triesFourTimes() {
    #expect(policy.pause(after: .status(500, retryAfter: nil), .freely, tried: 4, jitter: 0) == nil)
  }

  @Test(arguments: [408, 409, 429, 500, 502, 503, 504, 599])
  func repeatsWhatMayPass(_ status: Int) {
    #expect(policy.pause(after: .status(status, retryAfter: nil), .freely, tried: 1, jitter: 0) != nil)
  }

  @Test(arguments: [300, 400, 401, 403, 404, 413, 422, 498])
  func doesNotRepeatRefusals(_ status: Int) {
    #expect(policy.pause(after: .status(status, retryAfter: nil), .freely, tried: 1, jitter: 0) == nil)
  }

  @Test func doesNotRepeatACancelThatConflicts() {
    #expect(policy.pause(after: .status(409, retryAfter: nil), .cancel, tried: 1, jitter: 0) == nil)
    #expect(policy.pause(after: .status(503, retryAfter: nil), .cancel, tried: 1, jitter: 0) != nil)
  }

  /// After each of these statuses a batch may have been made.
  @Test(arguments: [200, 302, 400, 404, 408, 409, 500, 502, 503, 504])
  func neverRepeatsACreateThatWasAnswered(_ status: Int) {
    #expect(policy.pause(after: .status(status, retryAfter: nil), .create, tried: 1, jitter: 0) == nil)
    #expect(policy.pause(after: .status(status, retryAfter: 1), .create, tried: 1, jitter: 0) == nil)
  }

  @Test func repeatsACreateThatIsToldToComeLater() {
    #expect(policy.pause(after: .status(429, retryAfter: 7), .create, tried: 1, jitter: 0) == 7)
  }

  @Test(arguments: [(nil, false), (1, false), (0, true)] as [(Int?, Bool)])
  func repeatsACreateOnlyWhereNoByteWasSent(_ bytesSent: Int?, isRepeated: Bool) {
    let pause = policy.pause(after: .failure(.interrupted, bytesSent: bytesSent), .create, tried: 1, jitter: 0)
    #expect((pause != nil) == isRepeated)
  }

  @Test(arguments: [TransportError.Kind.failed, .unusable, .cancelled])
  func doesNotRepeatWhatStays(_ kind: TransportError.Kind) {
    for repeatability in [RetryPolicy.Repeatability.freely, .cancel, .create] {
      #expect(policy.pause(after: .failure(kind, bytesSent: 0), repeatability, tried: 1, jitter: 0) == nil)
    }
  }

  @Test func obeysRetryAfterUpToAMinute() {
    #expect(policy.pause(after: .status(429, retryAfter: 60), .freely, tried: 1, jitter: 0) == 60)
    #expect(policy.pause(after: .status(429, retryAfter: 61), .freely, tried: 1, jitter: 0) == nil)
  }

  @Test(
    arguments: [
      (["retry-after-ms": "1500", "retry-after": "9"], 1.5), (["Retry-After": "7"], 7),
      (["retry-after": "Wed, 21 Oct 2015 07:28:30 GMT"], 30), (["retry-after": "Wed, 21 Oct 2015 07:00:00 GMT"], 0),
      (["retry-after": "soon"], nil), (["retry-after": "-1"], nil), (["retry-after": "nan"], nil), ([:], nil),
    ] as [(APIHeaders, Double?)])
  func readsTheHeaders(_ headers: APIHeaders, seconds: Double?) {
    // 2015-10-21 07:28:00 UTC
    #expect(RetryPolicy.retryAfter(headers, now: Date(timeIntervalSince1970: 1_445_412_480)) == seconds)
  }
}
