import BatchFile
import Foundation

/// One line on a terminal's standard error, for work that takes longer than half a second.
final class Progress: @unchecked Sendable {  // called by one thread at a time
  private let console: Console
  private let name: String
  /// In bytes; nil where it is not known.
  private let size: Int?
  private let start = Date()
  private var lastDrawn = 0.0
  private var isShown = false

  /// Nil where standard error is no terminal, so that nobody would see it.
  init?(_ console: Console, name: String, handle: FileHandle) {
    guard console.errorIsTerminal else { return nil }
    self.console = console
    self.name = Progress.shortened(TerminalText.safe(name))
    var status = stat()
    let isFile = fstat(handle.fileDescriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    size = isFile ? Int(status.st_size) : nil
  }

  func update(_ bytes: Int) {
    let elapsed = Date().timeIntervalSince(start)
    guard elapsed > 0.5, elapsed - lastDrawn > 0.1 else { return }
    lastDrawn = elapsed
    isShown = true
    let part = size.map { $0 > 0 ? " of \($0 / 1_000_000) MB, \(min(100, bytes * 100 / $0)) %" : "" } ?? " MB"
    console.draw("\r\u{1B}[K\(TerminalText.safe(name)): \(bytes / 1_000_000)\(part)")
  }

  /// Takes the line away again.
  func finish() {
    if isShown { console.draw("\r\u{1B}[K") }
  }

  /// A line that wraps could not be taken away again.
  private static func shortened(_ name: String) -> String { name.count <= 40 ? name : "…" + name.suffix(39) }
}
