import BatchFile
import Foundation

/// Standard error, and on a terminal a block of lines at its end that is drawn again in place.
///
/// The block is removed before anything else is written, so that other lines never run into it. The cursor is never
/// hidden and no mode of the terminal is changed, so a killed process leaves the terminal in order.
final class LiveScreen: @unchecked Sendable {  // guarded by its lock
  private let handle: FileHandle
  private let lock = NSLock()
  /// The widths of the lines of the drawn block, in cells. The cursor is after the last line.
  private var drawn: [Int] = []
  /// The width of the window when the block was drawn, in cells.
  private var width = 80
  private var isOver = false

  init(_ handle: FileHandle) { self.handle = handle }

  /// Writes lines above the block.
  func write(_ text: String) {
    lock.withLock {
      put(erasure() + text)
      drawn = []
    }
  }

  /// Draws a block in place of the last one.
  ///
  /// - Parameter width: the width of the window, in cells. A line of the whole width would wrap, so lines are cut to
  ///   less.
  func draw(_ lines: [String], width: Int) {
    lock.withLock {
      guard !isOver, !(lines.isEmpty && drawn.isEmpty) else { return }
      let cut = lines.map { LiveScreen.cut($0, to: width - 1) }
      // Each line is erased after its end, and not before it is drawn, so that nothing flickers.
      put(top(width) + cut.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
      drawn = cut.map { CellWidth.of($0.unicodeScalars) }
      self.width = width
    }
  }

  /// Removes the block.
  func clear() {
    lock.withLock {
      put(erasure())
      drawn = []
    }
  }

  /// Removes the block. Nothing is drawn after that.
  func end() {
    clear()
    lock.withLock { isOver = true }
  }

  /// Leaves the block in place, so that the next one is drawn below it.
  func forget() { lock.withLock { drawn = [] } }

  private func erasure() -> String { drawn.isEmpty ? "" : top(width) + "\u{1B}[J" }

  /// Moves the cursor to the beginning of the block. In a window that has become narrower its lines have wrapped.
  private func top(_ width: Int) -> String {
    guard !drawn.isEmpty else { return "" }
    let rows = drawn.reduce(0) { $0 + max(1, ($1 + width - 1) / max(1, width)) }
    return rows > 1 ? "\r\u{1B}[\(rows - 1)A" : "\r"
  }

  private func put(_ text: String) {
    if !text.isEmpty { try? handle.write(contentsOf: Data(text.utf8)) }
  }

  /// The beginning of a text that fits into a number of cells.
  private static func cut(_ text: String, to cells: Int) -> String {
    if CellWidth.of(text.unicodeScalars) <= cells { return text }
    var out = ""
    var rest = cells - 1
    for character in text {
      rest -= CellWidth.of(character.unicodeScalars)
      if rest < 0 { break }
      out.append(character)
    }
    return cells > 0 ? out + "…" : ""
  }
}
