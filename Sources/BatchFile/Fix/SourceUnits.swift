import Foundation
import JSONLines

/// One or several lines of a file that are mended together.
enum SourceUnit {
  /// A blank line.
  case blank(SourceLine)
  /// A line that is mended by itself, and its object; nil where the line is not a JSON object.
  case line(SourceLine, root: JSONValue?)
  /// Requests that are not one a line in the file, and the lines of the file that they are on.
  case requests([[UInt8]], of: [RequestRegion.Line])
}

/// A line of a file. Its bytes are valid only until the next line is read.
struct SourceLine {
  /// The line's number, from 1.
  var number: Int
  /// All bytes of the line, with its newline.
  var bytes: UnsafeRawBufferPointer
  /// The line without a byte-order mark and without the newline.
  var text: PaddedBytes
  /// Whether the line begins with a byte-order mark.
  var hasMark: Bool
  /// Whether the line ends with a newline; only a file's last line may not.
  var hasEnd: Bool
}

/// Reads a file and finds which of its lines are mended together.
struct SourceUnits {
  private let handle: FileHandle
  private let lineLimit: Int
  private let document = JSONDocument()

  /// - Parameters:
  ///   - handle: the file, which is read from its current position.
  ///   - lineLimit: the longest line that is read, in bytes.
  init(_ handle: FileHandle, lineLimit: Int) {
    self.handle = handle
    self.lineLimit = lineLimit
  }

  /// Calls `body` for all units of the file, in order.
  /// - Throws: ``InputError`` where reading fails, or where a line is longer than ``LineReader`` reads; errors of
  ///   `body`.
  func forEachUnit(_ body: (SourceUnit) throws -> Void) throws {
    let reader = LineReader(handle, lineLimit: lineLimit)
    let block = LineBlock()
    var region = RequestRegion()
    var number = 0
    while try reader.fill(block) {
      if block.cutLineLength != nil {
        throw InputError(.lineTooLong(line: number + 1, limit: lineLimit))
      }
      var start = 0
      while start < block.count {
        number += 1
        let newline = block.endOfLine(from: start)
        let hasEnd = !(newline == block.count - 1 && block.lacksFinalNewline)
        let from = number == 1 ? SourceUnits.afterMark(block.bytes, start..<newline) : start
        let line = SourceLine(
          number: number, bytes: block.part(start..<(hasEnd ? newline + 1 : newline)),
          text: block.bytes.part(from..<newline), hasMark: from > start, hasEnd: hasEnd)
        try take(line, &region, body)
        start = newline + 1
      }
    }
    try giveUp(region.lines, body)
  }

  private func take(_ line: SourceLine, _ region: inout RequestRegion, _ body: (SourceUnit) throws -> Void) throws {
    if region.lines.isEmpty {
      if SourceUnits.isBlank(line.text) { return try body(.blank(line)) }
      if JSONScanner.scan(line.text, into: document) == nil, document.root.kind == .object {
        return try body(.line(line, root: document.root))
      }
    }
    switch region.add(line.kept) {
    case .open: return
    case .requests(let requests):
      let lines = region.lines
      region = RequestRegion()
      try body(.requests(requests, of: lines))
    case .broken:
      let lines = region.lines
      region = RequestRegion()
      try giveUp(lines.dropLast(), body)
      if lines.count == 1 { return try body(.line(line, root: nil)) }
      // The line that ended the region may be a request itself, or begin another region.
      try take(line, &region, body)
    }
  }

  /// Calls `body` for each line of a region that turned out not to be requests.
  private func giveUp(_ lines: some Collection<RequestRegion.Line>, _ body: (SourceUnit) throws -> Void) throws {
    for line in lines {
      try PaddedBytes.withCopy(of: line.bytes[line.text]) { text in
        try line.bytes.withUnsafeBytes { bytes in
          let whole = SourceLine(
            number: line.number, bytes: bytes, text: text, hasMark: line.text.lowerBound > 0, hasEnd: line.hasEnd)
          if SourceUnits.isBlank(text) { return try body(.blank(whole)) }
          let isObject = JSONScanner.scan(text, into: document) == nil && document.root.kind == .object
          try body(.line(whole, root: isObject ? document.root : nil))
        }
      }
    }
  }

  /// Where the text of a file's first line begins: after the byte-order mark, if there is one.
  private static func afterMark(_ bytes: PaddedBytes, _ line: Range<Int>) -> Int {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return line.count >= 3 && bytes.buffer(line.lowerBound..<line.lowerBound + 3).elementsEqual(mark)
      ? line.lowerBound + 3 : line.lowerBound
  }

  private static func isBlank(_ line: PaddedBytes) -> Bool {
    for i in 0..<line.count where !ASCII.isBlank(line[i]) { return false }
    return true
  }
}

extension SourceLine {
  /// A copy of the line that stays valid after the next line is read.
  fileprivate var kept: RequestRegion.Line {
    let start = hasMark ? 3 : 0
    return RequestRegion.Line(number: number, bytes: Array(bytes), text: start..<start + text.count)
  }
}
