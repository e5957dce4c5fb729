import Foundation
import JSONLines

/// A part of a file that is mended as one.
enum SourceUnit {
  /// Nothing but white space.
  case blank(SourceLine)
  /// A line for itself, with its object where it is one.
  case line(SourceLine, root: JSONValue?)
  /// Requests that were laid out in another way, and the lines they stood on.
  case requests([[UInt8]], of: [RequestRegion.Line])
}

/// A line of a file, valid until the next one is asked for.
struct SourceLine {
  /// From 1.
  var number: Int
  /// As it is, with its end.
  var bytes: UnsafeRawBufferPointer
  /// Without a byte-order mark and the newline.
  var text: PaddedBytes
  var hasMark: Bool
  var hasEnd: Bool
}

/// Finds the units of a file.
struct SourceUnits {
  private let handle: FileHandle
  private let document = JSONDocument()

  /// - Parameter handle: read from where it stands.
  init(_ handle: FileHandle) { self.handle = handle }

  /// - Throws: ``InputError`` where reading fails, or where a line is longer than what is read of one.
  func forEachUnit(_ body: (SourceUnit) throws -> Void) throws {
    let reader = LineReader(handle)
    let block = LineBlock()
    var region = RequestRegion()
    var number = 0
    while try reader.fill(block) {
      if block.cutLineLength != nil {
        throw InputError(.lineTooLong(line: number + 1, limit: LineReader.defaultLineLimit))
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
      // The line that did not fit may be a request, or the beginning of some.
      try take(line, &region, body)
    }
  }

  /// Hands out lines that together are nothing, each for itself.
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

  /// Where a file's first line begins behind a byte-order mark.
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
  /// A copy that outlives the block.
  fileprivate var kept: RequestRegion.Line {
    let start = hasMark ? 3 : 0
    return RequestRegion.Line(number: number, bytes: Array(bytes), text: start..<start + text.count)
  }
}
