import BatchClient
import BatchFile
import Foundation
import JSONLines

/// Writes to standard error what happens in a run: on a terminal a block of lines that is drawn again in place, elsewhere
/// one line for each change.
///
/// Unchecked: its lock guards what changes.
final class RunReporter: @unchecked Sendable {
  /// The time after which the first block is drawn, in seconds, so that a quick command shows none.
  private static let patience = 0.5
  /// The least time between two drawings, in seconds, because transfers report their progress more often than anybody
  /// can read.
  private static let leastPause = 0.1
  private let console: Console
  private let lock = NSLock()
  private var lastTrouble: Date?
  private var block: LiveBlock
  private let start = Date()
  private var lastDrawn = Date.distantPast
  /// Draws the block every second, because it shows times; nil where there is no terminal.
  private var timer: (any DispatchSourceTimer)?

  init(_ console: Console, name: String) {
    self.console = console
    block = LiveBlock(name: name)
    guard console.errorIsTerminal else { return }
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + RunReporter.patience, repeating: 1)
    timer.setEventHandler { [weak self] in self?.tick() }
    timer.resume()
    self.timer = timer
  }

  deinit { timer?.cancel() }

  func take(_ event: RunEvent) {
    let line = lock.withLock { () -> String? in
      block.take(event, at: Date())
      if timer != nil, !isWorthALine(event) {
        if Date().timeIntervalSince(lastDrawn) > RunReporter.leastPause { draw() }
        return nil
      }
      return words(event)
    }
    if let line { console.complain(line) }
  }

  /// Writes lines, after the block is removed.
  func say(_ lines: [String]) {
    for line in lines { console.complain(line) }
  }

  /// Removes the block. Nothing is drawn after that.
  func finish() {
    lock.withLock {
      timer?.cancel()
      timer = nil
    }
    console.screen.clear()
  }

  private func tick() { lock.withLock { if timer != nil { draw() } } }

  private func draw() {
    guard Date().timeIntervalSince(start) >= RunReporter.patience else { return }
    let window = console.window
    console.screen.draw(block.lines(height: window.height, now: Date()), width: window.width)
    lastDrawn = Date()
  }

  /// Whether an event is written as a line above the block, which stays after the block is removed.
  private func isWorthALine(_ event: RunEvent) -> Bool {
    switch event {
    case .adopted, .looking, .queued: true
    default: false
    }
  }

  private func words(_ event: RunEvent) -> String? {
    switch event {
    case .planned(let parts, let requests):
      "\(requests) request\(requests == 1 ? "" : "s") in \(parts) part\(parts == 1 ? "" : "s")"
    case .uploaded(let id, let file): "\(id.fileName): uploaded as \(file)"
    case .created(let id, let batch): "\(id.fileName): created \(batch)"
    case .adopted(let id, let batch): "\(id.fileName): found its batch, \(batch)"
    case .looking(let id, let why): "\(id.fileName): looking for its batch at the API (\(why))"
    case .queued(let id, let times): "\(id.fileName): the API has no room for it now; it is sent again later (\(times))"
    case .downloaded(let id, let kind, let bytes, let lines):
      "\(id.fileName): \(kind.words), \(lines) line\(lines == 1 ? "" : "s"), \(bytes) bytes"
    case .trouble(let since, let error): trouble(since, error)
    case .changed(let part): change(of: part)
    case .began, .noted, .uploading, .downloading, .waiting, .answered: nil
    }
  }

  private func change(of part: PartState) -> String {
    var text = "\(part.id.fileName): \(part.batchID ?? "") is \(part.status?.name ?? "")"
    if case .other = part.status { text += ", a status that this program does not know; it goes on waiting" }
    if let total = part.state?.total, total > 0 { text += ", \(part.state?.completed ?? 0) of \(total) done" }
    if let failed = part.state?.failed, failed > 0 { text += ", \(failed) failed" }
    return text
  }

  /// The message about a time without answers from the API; nil where that time was reported already.
  private func trouble(_ since: Date, _ error: ClientError) -> String? {
    if lastTrouble == since { return nil }
    lastTrouble = since
    return "the API has not answered for over a minute; it goes on waiting: \(error)"
  }
}
