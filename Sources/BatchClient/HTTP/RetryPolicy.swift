import Foundation

/// Whether and when a call is tried again. It is a value without a clock, so that tests can ask for every case.
///
/// The delays are those of the official SDKs of Groq and OpenAI.
public struct RetryPolicy: Hashable, Sendable {
  /// The most times that a call is made.
  public var tries = 4
  /// The longest `retry-after` that a call waits for, in seconds. After a longer one the call throws, with the time in
  /// ``ClientError/retryAfter``.
  public var longestRetryAfter = 60.0

  public init() {}

  /// What a repetition of a call could cause.
  package enum Repeatability: Hashable, Sendable {
    /// Nothing that matters, so it may be repeated freely.
    case freely
    /// Nothing that matters, but 409 means that the batch is already cancelled.
    case cancel
    /// A second batch, which costs money. So a call is repeated only if nothing can have arrived, or if the server
    /// asked to try later.
    case create
  }

  /// How a try ended.
  package enum Outcome: Hashable, Sendable {
    case status(Int, retryAfter: Double?)
    /// A 2xx reply that this API does not give.
    case unreadable
    case failure(TransportError.Kind, bytesSent: Int?)
  }

  /// The pause before the next try, in seconds; nil where the call is not tried again.
  ///
  /// - Parameters:
  ///   - tried: how often the call was made so far, from 1.
  ///   - jitter: a random number from 0 to 1.
  package func pause(
    after outcome: Outcome, _ repeatability: Repeatability, tried: Int, jitter: Double
  ) -> Double? {
    guard tried < tries, maySendAgain(after: outcome, repeatability) else { return nil }
    if case .status(_, let retryAfter?) = outcome, retryAfter > 0 {
      return retryAfter <= longestRetryAfter ? retryAfter : nil
    }
    return min(0.5 * pow(2, Double(tried - 1)), 8) * (1 - 0.25 * min(1, max(0, jitter)))
  }

  private func maySendAgain(after outcome: Outcome, _ repeatability: Repeatability) -> Bool {
    switch (outcome, repeatability) {
    case (.unreadable, _): repeatability != .create
    case (.failure(.interrupted, let bytesSent), .create): bytesSent == 0
    case (.failure(let kind, _), _): kind == .interrupted
    case (.status(let status, _), .create): status == 429
    case (.status(let status, _), .cancel): status == 408 || status == 429 || status >= 500
    case (.status(let status, _), .freely): [408, 409, 429].contains(status) || status >= 500
    }
  }

  /// The time that `retry-after-ms` or `retry-after` asks to wait, in seconds from now; nil where there is none.
  package static func retryAfter(_ headers: APIHeaders, now: Date) -> Double? {
    if let text = headers["retry-after-ms"], let milliseconds = Double(text), milliseconds.isFinite, milliseconds >= 0 {
      return milliseconds / 1_000
    }
    guard let text = headers["retry-after"] else { return nil }
    if let seconds = Double(text) { return seconds.isFinite && seconds >= 0 ? seconds : nil }
    return HTTPDate.parse(text).map { max(0, $0.timeIntervalSince(now)) }
  }
}

/// Reads dates like `Wed, 21 Oct 2015 07:28:00 GMT`, the only form that servers may write by RFC 9110.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func parse(_ text: String) -> Date? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), (1...31).contains(day),
      let month = months.firstIndex(of: String(words[2])), let year = Int(words[3]), (1970...9999).contains(year)
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3, (0..<24).contains(time[0]), (0..<60).contains(time[1]), (0...60).contains(time[2]) else {
      return nil
    }
    return CivilTime.date(year: year, month: month + 1, day: day, seconds: time[0] * 3_600 + time[1] * 60 + time[2])
  }
}

/// Computes days of the calendar without a date formatter, which takes longer than a whole poll.
enum CivilTime {
  /// The days since 1970-01-01 in the proleptic Gregorian calendar.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func date(year: Int, month: Int, day: Int, seconds: Int) -> Date {
    Date(timeIntervalSince1970: Double(days(year: year, month: month, day: day) * 86_400 + seconds))
  }
}
