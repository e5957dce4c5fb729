import JSONLines

/// The findings of all files as the elements of one JSON list, a line each, those about a file as a whole before those of its lines.
final class FindingArray {
  private static let separator: [UInt8] = [ASCII.comma, ASCII.newline]

  private let out: any ByteSink
  private let spool = Spool()
  /// Whether an element has been written.
  private(set) var isEmpty = true

  init(_ out: any ByteSink) { self.out = out }

  /// A file begins: what there was of it is void.
  func begin() { spool.reset() }

  func take(_ finding: Finding, _ write: (Finding, inout [UInt8]) -> Void) {
    let isFirst = spool.count == 0
    spool.append { bytes in
      if !isFirst { bytes += FindingArray.separator }
      write(finding, &bytes)
    }
  }

  func end(_ fileFindings: [Finding], _ write: (Finding, inout [UInt8]) -> Void) {
    for finding in fileFindings {
      var bytes = isEmpty ? [ASCII.newline] : FindingArray.separator
      write(finding, &bytes)
      out.write(bytes)
      isEmpty = false
    }
    if spool.count == 0 { return }
    out.write(isEmpty ? [ASCII.newline] : FindingArray.separator)
    spool.copy(0..<spool.count, to: out)
    isEmpty = false
  }
}
