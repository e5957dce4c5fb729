import Foundation
import JSONLines

/// Mends a whole file, line by line, into another.
package struct FileFixer {
  private let lines: LineFixer
  private let renamesDuplicates: Bool

  package init(provider: Provider, renamesDuplicates: Bool) {
    lines = LineFixer(provider: provider)
    self.renamesDuplicates = renamesDuplicates
  }

  /// What became of a line.
  package struct Change {
    /// In the source, from 1.
    package var line: Int
    /// The line as it was, with its end.
    package var old: [UInt8]
    /// The line as it is now; nil where it is gone.
    package var new: [UInt8]?
  }

  /// - Parameters:
  ///   - keep: gets every line of the result with its end, and the change where it is one.
  /// - Throws: ``InputError`` where reading fails.
  package func fix(_ handle: FileHandle, keep: (_ line: UnsafeRawBufferPointer, Change?) throws -> Void) throws {
    let text = try Utf16Text.transcoded(handle)
    defer { if text.isTranscoded { try? text.handle.close() } }
    var taken = renamesDuplicates ? try collectIDs(text.handle) : []
    var seen: Set<[UInt8]> = []
    let reader = LineReader(text.handle)
    let block = LineBlock()
    var number = 0
    while try fill(block, reader) {
      if block.cutLineLength != nil { throw InputError(code: EFBIG) }
      var start = 0
      while start < block.count {
        number += 1
        let newline = block.endOfLine(from: start)
        let hasEnd = !(newline == block.count - 1 && block.lacksFinalNewline)
        let old = block.part(start..<(hasEnd ? newline + 1 : newline))
        let from = number == 1 ? FileFixer.afterMark(block.bytes, start..<newline) : start
        let line = block.bytes.part(from..<newline)
        if isBlank(line) {
          try keep(UnsafeRawBufferPointer(start: nil, count: 0), Change(line: number, old: Array(old), new: nil))
        } else {
          let mended = lines.fix(line) { renamesDuplicates ? rename($0, &seen, &taken) : nil }
          if mended == nil, from == start, !text.isTranscoded {
            try keep(old, nil)
          } else {
            let new = (mended ?? Array(line.buffer(0..<line.count))) + (hasEnd ? [ASCII.newline] : [])
            try new.withUnsafeBytes { try keep($0, Change(line: number, old: Array(old), new: new)) }
          }
        }
        start = newline + 1
      }
    }
  }

  /// Where a file's first line begins behind a byte-order mark.
  private static func afterMark(_ bytes: PaddedBytes, _ line: Range<Int>) -> Int {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return line.count >= 3 && bytes.buffer(line.lowerBound..<line.lowerBound + 3).elementsEqual(mark)
      ? line.lowerBound + 3 : line.lowerBound
  }

  private func isBlank(_ line: PaddedBytes) -> Bool {
    for i in 0..<line.count where !ASCII.isBlank(line[i]) { return false }
    return true
  }

  private func fill(_ block: LineBlock, _ reader: LineReader) throws(InputError) -> Bool {
    do throws(ReadError) { return try reader.fill(block) } catch { throw InputError(code: error.code) }
  }

  // MARK: - Ids

  /// All ids of the file, so that a new one is not taken already. As bytes: two Strings of different bytes can be equal.
  private func collectIDs(_ handle: FileHandle) throws -> Set<[UInt8]> {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    guard start >= 0 else { throw InputError(code: errno) }
    defer { lseek(handle.fileDescriptor, start, SEEK_SET) }
    var ids: Set<[UInt8]> = []
    var isFirst = true
    let reader = LineReader(handle)
    let block = LineBlock()
    let document = JSONDocument()
    while try fill(block, reader) {
      var start = 0
      while start < block.count, block.cutLineLength == nil {
        let end = block.endOfLine(from: start)
        let from = isFirst ? FileFixer.afterMark(block.bytes, start..<end) : start
        isFirst = false
        if JSONScanner.scan(block.bytes.part(from..<end), into: document) == nil, document.root.kind == .object,
          let id = Envelope(document.root).customID, id.kind == .string
        {
          ids.insert(FileFixer.bytes(of: id))
        }
        start = end + 1
      }
    }
    return ids
  }

  private static func bytes(of id: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    id.appendText(to: &bytes)
    return bytes
  }

  /// `r-1` that was there before becomes `r-1-2`, or the next that nobody has.
  /// - Returns: what is to be added; nil where the id may stay.
  private func rename(_ id: JSONValue, _ seen: inout Set<[UInt8]>, _ taken: inout Set<[UInt8]>) -> String? {
    let bytes = FileFixer.bytes(of: id)
    if bytes.isEmpty || seen.insert(bytes).inserted { return nil }
    var number = 2
    while !taken.insert(bytes + Array("-\(number)".utf8)).inserted { number += 1 }
    return "-\(number)"
  }
}
