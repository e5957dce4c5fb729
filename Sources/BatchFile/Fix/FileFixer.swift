import Foundation
import JSONLines

/// Mends a whole file: reads it line by line and hands over the lines of the mended file.
package struct FileFixer {
  private let lines: LineFixer
  private let renamesDuplicates: Bool
  /// The longest line that is read, in bytes.
  package var lineLimit = LineReader.defaultLineLimit

  package init(provider: Provider, renamesDuplicates: Bool) {
    lines = LineFixer(provider: provider)
    self.renamesDuplicates = renamesDuplicates
  }

  /// A line that was changed, removed or added.
  package struct Change {
    /// The line's number in the source, from 1.
    package var line: Int
    /// The line of the source, with its newline; nil where the line was added.
    package var old: [UInt8]?
    /// The line of the result, with its newline; nil where the line was removed.
    package var new: [UInt8]?
  }

  /// Mends the file from the handle's position on.
  /// - Parameters:
  ///   - keep: is called for every line of the result, in order, with its newline; and with the change where the line
  ///     is not the source's. For a line that was removed it gets no bytes.
  /// - Throws: ``InputError`` where reading fails.
  package func fix(_ handle: FileHandle, keep: (_ line: UnsafeRawBufferPointer, Change?) throws -> Void) throws {
    let text = try WideText.transcoded(handle)
    defer { if text.isTranscoded { try? text.handle.close() } }
    var taken = renamesDuplicates ? try collectIDs(text.handle) : []
    var nextNumbers: [[UInt8]: Int] = [:]
    let document = JSONDocument()
    try SourceUnits(text.handle, lineLimit: lineLimit).forEachUnit { unit in
      switch unit {
      case .blank(let line):
        try keep(
          UnsafeRawBufferPointer(start: nil, count: 0), Change(line: line.number, old: Array(line.bytes), new: nil))
      case .line(let line, let root):
        let mended = lines.fix(line.text, root: root) {
          renamesDuplicates ? rename($0, &nextNumbers, &taken) : nil
        }
        if mended == nil, !line.hasMark, !text.isTranscoded { return try keep(line.bytes, nil) }
        let new = (mended ?? Array(line.text.buffer(0..<line.text.count))) + (line.hasEnd ? [ASCII.newline] : [])
        try new.withUnsafeBytes { try keep($0, Change(line: line.number, old: Array(line.bytes), new: new)) }
      case .requests(let requests, let source):
        for k in 0..<max(requests.count, source.count) {
          let number = source[min(k, source.count - 1)].number
          let old = k < source.count ? source[k].bytes : nil
          guard k < requests.count else {
            try keep(UnsafeRawBufferPointer(start: nil, count: 0), Change(line: number, old: old, new: nil))
            continue
          }
          let mended = PaddedBytes.withCopy(of: requests[k]) { line in
            let isObject = JSONScanner.scan(line, into: document) == nil && document.root.kind == .object
            return lines.fix(line, root: isObject ? document.root : nil) {
              renamesDuplicates ? rename($0, &nextNumbers, &taken) : nil
            }
          }
          let hasEnd = k < requests.count - 1 || source[source.count - 1].hasEnd
          let new = (mended ?? requests[k]) + (hasEnd ? [ASCII.newline] : [])
          try new.withUnsafeBytes { try keep($0, Change(line: number, old: old, new: new)) }
        }
      }
    }
  }

  // MARK: - Ids

  /// All ids of the file, so that no new id is one of them. They are held as bytes, because `String ==` takes some
  /// different spellings as equal.
  private func collectIDs(_ handle: FileHandle) throws -> Set<[UInt8]> {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    guard start >= 0 else { throw InputError(code: errno) }
    defer { lseek(handle.fileDescriptor, start, SEEK_SET) }
    var ids: Set<[UInt8]> = []
    let document = JSONDocument()
    func take(_ root: JSONValue) {
      if let id = Envelope(root).customID, id.kind == .string { ids.insert(FileFixer.bytes(of: id)) }
    }
    try SourceUnits(handle, lineLimit: lineLimit).forEachUnit { unit in
      switch unit {
      case .blank: break
      case .line(_, let root):
        if let root { take(root) }
      case .requests(let requests, _):
        for request in requests {
          PaddedBytes.withCopy(of: request) {
            if JSONScanner.scan($0, into: document) == nil, document.root.kind == .object { take(document.root) }
          }
        }
      }
    }
    return ids
  }

  private static func bytes(of id: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    id.appendText(to: &bytes)
    return bytes
  }

  /// Finds a new id for a duplicate: a second `r-1` becomes `r-1-2`, or gets the next number that makes a free id.
  /// - Parameters:
  ///   - nextNumbers: the number to try next, for each id seen so far. A search from 2 on for each copy would take time
  ///     quadratic in the copies.
  ///   - taken: all ids of the file and all new ones.
  /// - Returns: the text to add to the id; nil where the id is the first of its kind and stays.
  private func rename(
    _ id: JSONValue, _ nextNumbers: inout [[UInt8]: Int], _ taken: inout Set<[UInt8]>
  ) -> String? {
    let bytes = FileFixer.bytes(of: id)
    if bytes.isEmpty { return nil }
    guard var number = nextNumbers[bytes] else {
      nextNumbers[bytes] = 2
      return nil
    }
    while !taken.insert(bytes + Array("-\(number)".utf8)).inserted { number += 1 }
    nextNumbers[bytes] = number + 1
    return "-\(number)"
  }
}
