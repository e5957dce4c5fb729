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
    var seen: Set<String> = []
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
        var from = start
        if number == 1, newline - start >= 3, block.bytes[start] == 0xEF, block.bytes[start + 1] == 0xBB,
          block.bytes[start + 2] == 0xBF
        {
          from += 3
        }
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

  private func isBlank(_ line: PaddedBytes) -> Bool {
    for i in 0..<line.count where !ASCII.isBlank(line[i]) { return false }
    return true
  }

  private func fill(_ block: LineBlock, _ reader: LineReader) throws(InputError) -> Bool {
    do throws(ReadError) { return try reader.fill(block) } catch { throw InputError(code: error.code) }
  }

  // MARK: - Ids

  /// All ids of the file, so that a new one is not taken already.
  private func collectIDs(_ handle: FileHandle) throws -> Set<String> {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    guard start >= 0 else { throw InputError(code: errno) }
    defer { lseek(handle.fileDescriptor, start, SEEK_SET) }
    var ids: Set<String> = []
    let reader = LineReader(handle)
    let block = LineBlock()
    let document = JSONDocument()
    while try fill(block, reader) {
      var start = 0
      while start < block.count, block.cutLineLength == nil {
        let end = block.endOfLine(from: start)
        if JSONScanner.scan(block.bytes.part(start..<end), into: document) == nil,
          let id = document.root["custom_id"], id.kind == .string
        {
          ids.insert(id.text)
        }
        start = end + 1
      }
    }
    return ids
  }

  /// `r-1` that was there before becomes `r-1-2`, or the next that nobody has.
  private func rename(_ id: String, _ seen: inout Set<String>, _ taken: inout Set<String>) -> String? {
    if id.isEmpty || seen.insert(id).inserted { return nil }
    var number = 2
    while !taken.insert("\(id)-\(number)").inserted { number += 1 }
    return "\(id)-\(number)"
  }
}
