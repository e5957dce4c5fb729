import BatchClient
import BatchFile
import Foundation

/// Writes to standard error what happens in a run, one line for each change.
///
/// Unchecked: its lock guards what changes.
final class RunReporter: @unchecked Sendable {
  private let console: Console
  private let lock = NSLock()
  private var lastTrouble: Date?
  private var isDrawn = false

  init(_ console: Console) { self.console = console }

  func take(_ event: RunEvent) {
    lock.withLock {
      if let text = progress(event) {
        if console.errorIsTerminal {
          console.draw("\r\u{1B}[K\(TerminalText.safe(text))")
          isDrawn = true
        }
        return
      }
      guard let text = words(event) else { return }
      clear()
      console.complain(text)
    }
  }

  /// Writes lines, after the progress line is removed.
  func say(_ lines: [String]) {
    lock.withLock {
      clear()
      for line in lines { console.complain(line) }
    }
  }

  func finish() { lock.withLock { clear() } }

  private func clear() {
    if isDrawn { console.draw("\r\u{1B}[K") }
    isDrawn = false
  }

  private func progress(_ event: RunEvent) -> String? {
    switch event {
    case .uploading(let id, let share): "\(id.fileName): \(Int(share * 100)) % uploaded"
    case .downloading(let id, let kind, let bytes): "\(id.fileName): \(bytes / 1_000_000) MB of \(kind.rawValue)"
    default: nil
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
      "\(id.fileName): \(kind == .output ? "output" : "error") file, \(lines) line\(lines == 1 ? "" : "s"), \(bytes) bytes"
    case .trouble(let since, let error): trouble(since, error)
    case .changed(let part): change(of: part)
    case .uploading, .downloading, .waiting: nil
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
