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
    /// The line as it was, with its end; nil where there was none.
    package var old: [UInt8]?
    /// The line as it is now; nil where it is gone.
    package var new: [UInt8]?
  }

  /// - Parameters:
  ///   - keep: gets every line of the result with its end, and the change where it is one.
  /// - Throws: ``InputError`` where reading fails.
  package func fix(_ handle: FileHandle, keep: (_ line: UnsafeRawBufferPointer, Change?) throws -> Void) throws {
    let text = try WideText.transcoded(handle)
    defer { if text.isTranscoded { try? text.handle.close() } }
    var taken = renamesDuplicates ? try collectIDs(text.handle) : []
    var nextNumbers: [[UInt8]: Int] = [:]
    let document = JSONDocument()
    try SourceUnits(text.handle).forEachUnit { unit in
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

  /// All ids of the file, so that a new one is not taken already. As bytes: two Strings of different bytes can be equal.
  private func collectIDs(_ handle: FileHandle) throws -> Set<[UInt8]> {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    guard start >= 0 else { throw InputError(code: errno) }
    defer { lseek(handle.fileDescriptor, start, SEEK_SET) }
    var ids: Set<[UInt8]> = []
    let document = JSONDocument()
    func take(_ root: JSONValue) {
      if let id = Envelope(root).customID, id.kind == .string { ids.insert(FileFixer.bytes(of: id)) }
    }
    try SourceUnits(handle).forEachUnit { unit in
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

  /// A second `r-1` becomes `r-1-2`, or, where that id is taken, gets the next number that is free.
  /// - Parameter nextNumbers: by the ids seen so far, the number to try next: to begin at 2 for each copy would take
  ///   time quadratic in the copies.
  /// - Returns: what is to be added; nil where the id may stay.
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
