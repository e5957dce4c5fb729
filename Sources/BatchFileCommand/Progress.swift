import BatchFile
import Foundation

/// A progress line on standard error, for work that takes longer than half a second.
///
/// Unchecked: only one thread at a time calls it.
final class Progress: @unchecked Sendable {
  private let console: Console
  private let name: String
  /// The input's size in bytes; nil where it is not known.
  private let size: Int?
  private let start = Date()
  private var lastDrawn = 0.0

  /// Nil where standard error is not a terminal: a log file should have no progress lines.
  init?(_ console: Console, name: String, handle: FileHandle) {
    guard console.errorIsTerminal else { return nil }
    self.console = console
    self.name = Progress.shortened(TerminalText.safe(name))
    var status = stat()
    let isFile = fstat(handle.fileDescriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    size = isFile ? Int(status.st_size) : nil
  }

  /// - Parameter size: how many bytes will be read.
  init?(_ console: Console, name: String, size: Int) {
    guard console.errorIsTerminal else { return nil }
    self.console = console
    self.name = Progress.shortened(TerminalText.safe(name))
    self.size = size > 0 ? size : nil
  }

  /// Draws the line, ten times a second at most.
  /// - Parameter bytes: how many bytes of the input were read.
  func update(_ bytes: Int) {
    let elapsed = Date().timeIntervalSince(start)
    guard elapsed > 0.5, elapsed - lastDrawn > 0.1 else { return }
    lastDrawn = elapsed
    let part = size.map { $0 > 0 ? " of \($0 / 1_000_000) MB, \(min(100, bytes * 100 / $0)) %" : "" } ?? " MB"
    console.screen.draw(["\(name): \(bytes / 1_000_000)\(part)"], width: console.window.width)
  }

  /// Removes the line.
  func finish() { console.screen.clear() }

  /// The name, cut to 40 characters, so that the numbers after it have room.
  private static func shortened(_ name: String) -> String { name.count <= 40 ? name : "…" + name.suffix(39) }
}
