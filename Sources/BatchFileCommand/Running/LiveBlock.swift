import BatchClient
import BatchFile
import Foundation
import JSONLines

/// What a terminal shows of a run while it goes on: how many requests are done and how fast, each part, and when the
/// API is asked again. A value without a clock and without a terminal.
///
///     requests.jsonl: 1,250 of 3,000 done, 4 failed, 210 a minute
///       part 1: in_progress, 750 of 1,000 done, 4 failed, 23 h 10 min left
///       part 2: 45 % uploaded
///       part 3: waits for its turn
///     asks again in 12 s; Ctrl-C ends the waiting and nothing else
struct LiveBlock: Sendable {
  /// How many lines there are that are not about a part, with one for the parts that do not fit.
  private static let otherLines = 4

  private let name: String
  private var parts: [PartID: PartState] = [:]
  /// The progress of each part's upload or download, in words.
  private var transfers: [PartID: String] = [:]
  private var nextLook: Date?
  private var trouble: (since: Date, error: ClientError)?
  /// How many requests were done at the first and at the last count.
  private var firstCount: (time: Date, done: Int)?
  private var lastCount: (time: Date, done: Int)?

  init(name: String) { self.name = name }

  mutating func take(_ event: RunEvent, at now: Date) {
    switch event {
    case .began(let parts):
      for part in parts { self.parts[part.id] = part }
      count(at: now)
    case .noted(let part):
      parts[part.id] = part
      count(at: now)
    case .uploading(let id, let share): transfers[id] = "\(Int(share * 100)) % uploaded"
    case .downloading(let id, let kind, let bytes): transfers[id] = "\(bytes / 1_000_000) MB of its \(kind.words) came"
    case .uploaded(let id, _), .downloaded(let id, _, _, _): transfers[id] = nil
    case .waiting(let time): nextLook = time
    case .trouble(let since, let error): trouble = (since, error)
    case .answered: trouble = nil
    case .planned, .created, .adopted, .looking, .queued, .changed: break
    }
  }

  private mutating func count(at now: Date) {
    // Before the API has counted any requests, no rate can be measured.
    guard parts.values.contains(where: { ($0.state?.total ?? 0) > 0 }) else { return }
    let done = total(\.done)
    firstCount = firstCount ?? (now, done)
    if done != lastCount?.done { lastCount = (now, done) }
  }

  private var attempt: Int { parts.keys.map(\.attempt).max() ?? 1 }
  private var shown: [PartState] {
    let last = attempt
    return parts.values.filter { $0.id.attempt == last || !$0.isDone }.sorted { $0.id < $1.id }
  }

  private func total(_ count: (PartState) -> Int) -> Int {
    let last = attempt
    return parts.values.filter { $0.id.attempt == last }.reduce(0) { $0 + count($1) }
  }

  /// - Parameters:
  ///   - height: the height of the window, in lines.
  func lines(height: Int, now: Date) -> [String] {
    guard !parts.isEmpty else { return [] }
    var lines = [head]
    let room = max(1, height - LiveBlock.otherLines)
    let all = shown
    // Where not all parts fit, those that are not done are shown first.
    let chosen = Set((all.filter { !$0.isDone } + all.filter(\.isDone)).prefix(room).map(\.id))
    for part in all where chosen.contains(part.id) { lines.append("  " + line(part, now)) }
    let rest = all.filter { !chosen.contains($0.id) }
    if !rest.isEmpty {
      let done = rest.count(where: \.isDone)
      lines.append("  and \(Counted.of(rest.count, "more part")), \(Counted.number(done)) of them done")
    }
    lines.append(foot(now))
    return lines.map { TerminalText.safe($0) }
  }

  private var head: String {
    let (of, done, failed) = (total { $0.plan.requests ?? 0 }, total(\.done), total { $0.state?.failed ?? 0 })
    var text = attempt > 1 ? "\(name), attempt \(attempt)" : name
    text += ": \(Counted.number(done)) of \(Counted.number(of)) done"
    if failed > 0 { text += ", \(Counted.number(failed)) failed" }
    if let rate { text += ", \(rate)" }
    return text
  }

  /// The rate since this command began.
  private var rate: String? {
    guard let firstCount, let lastCount, lastCount.done > firstCount.done else { return nil }
    let minutes = lastCount.time.timeIntervalSince(firstCount.time) / 60
    guard minutes > 0 else { return nil }
    let perMinute = Double(lastCount.done - firstCount.done) / minutes
    return perMinute >= 1
      ? "\(Counted.number(Int(perMinute.rounded()))) a minute"
      : "\(Counted.number(Int((perMinute * 60).rounded()))) an hour"
  }

  private func line(_ part: PartState, _ now: Date) -> String {
    let name = "part \(part.id.number)" + (attempt > 1 ? " of attempt \(part.id.attempt)" : "")
    switch part.stage {
    case .planned, .uploaded: return "\(name): \(transfers[part.id] ?? "waits for its turn")"
    case .creating: return "\(name): its batch is asked for"
    case .unknown: return "\(name): its batch is looked for"
    case .refused: return "\(name): refused: \(part.why?.why ?? "")"
    case .made: break
    }
    var words = [part.status?.name ?? "created"]
    if let total = part.state?.total, total > 0 {
      words.append("\(Counted.number(part.state?.completed ?? 0)) of \(Counted.number(total)) done")
    }
    if let failed = part.state?.failed, failed > 0 { words.append("\(Counted.number(failed)) failed") }
    if let transfer = transfers[part.id] { words.append(transfer) }
    if !part.isFinal, let end = part.state?.expiresAt {
      let left = end - now.timeIntervalSince1970
      words.append(left > 0 ? "\(LiveBlock.duration(left)) left" : "its time is up")
    }
    return "\(name): \(words.joined(separator: ", "))"
  }

  private func foot(_ now: Date) -> String {
    var text = ""
    if let trouble {
      let time = LiveBlock.duration(now.timeIntervalSince(trouble.since))
      text = "no answer for \(time) (\(trouble.error)); "
    }
    if let nextLook, nextLook > now {
      text += "asks again in \(LiveBlock.duration(nextLook.timeIntervalSince(now).rounded(.up))); "
    }
    return text + "Ctrl-C ends the waiting and nothing else"
  }

  /// The two largest units of a time in seconds: `2 d 3 h`, `23 h 10 min`, `4 min`, `50 s`.
  static func duration(_ seconds: Double) -> String {
    let seconds = Int(min(max(0, seconds), 1e9))
    if seconds < 60 { return "\(seconds) s" }
    let minutes = seconds / 60
    if minutes < 60 { return "\(minutes) min" }
    let (hours, days) = (minutes / 60, minutes / 1_440)
    if days == 0 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
    return hours % 24 == 0 ? "\(days) d" : "\(days) d \(hours % 24) h"
  }
}

extension PartState {
  /// How many requests are completed or have failed, by the API's count.
  fileprivate var done: Int { (state?.completed ?? 0) + (state?.failed ?? 0) }
}

extension ResultKind {
  /// `output file`, `error file`.
  var words: String { self == .output ? "output file" : "error file" }
}
