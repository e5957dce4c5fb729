import JSONLines

/// Writes the findings of all files as the elements of one JSON array, one element a line. The findings about a file as
/// a whole come last from the check and first in the array, so those of the lines wait in a spool.
final class FindingArray {
  private static let separator: [UInt8] = [ASCII.comma, ASCII.newline]

  private let out: any ByteSink
  private let spool = Spool()
  /// Whether no element has been written yet.
  private(set) var isEmpty = true

  init(_ out: any ByteSink) { self.out = out }

  /// A file begins. The findings taken since the last ``end`` are dropped: they are from an earlier pass over it.
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
