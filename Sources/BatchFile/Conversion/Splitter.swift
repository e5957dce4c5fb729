import Foundation
import JSONLines

/// Cuts a batch file into files within the provider's limits: whole lines, in order, byte for byte.
package enum Splitter {
  /// Writes the lines of a file to a target, which begins a new file at each limit. The caller commits the target.
  ///
  /// - Parameter lineLimit: the longest line that is read, in bytes; nil for the usual limit.
  /// - Returns: why the file cannot be split, and then the target must be discarded; nil for success.
  /// - Throws: `InputError` where the file cannot be read, `OutputError` where the target cannot be written.
  package static func split(
    _ handle: FileHandle, to target: FileTarget, provider: Provider, lineLimit: Int? = nil,
    progress: ((Int) -> Void)? = nil
  ) throws -> Finding? {
    let lineLimit = lineLimit ?? LineReader.defaultLineLimit
    let reader = LineReader(handle, lineLimit: lineLimit)
    let block = LineBlock()
    let inputs = InputCount(provider)
    let document = JSONDocument()
    var number = 0
    var requests = 0
    while try reader.fill(block) {
      var start = 0
      while start < block.count {
        number += 1
        if let length = block.cutLineLength {
          if provider.maxBytes > 0, length > provider.maxBytes { return overLimit(number, length, provider) }
          // The API may accept such a line, but this program cannot read it.
          throw InputError(.lineTooLong(line: number, limit: lineLimit))
        }
        let newline = block.endOfLine(from: start)
        let isLast = newline == block.count - 1 && block.lacksFinalNewline
        let end = isLast ? newline : newline + 1
        // Blank lines are kept, and do not count as requests.
        var first = start
        while first < newline, ASCII.isBlank(block.bytes[first]) { first += 1 }
        if first < newline { requests += 1 }
        if provider.maxBytes > 0, end - start > provider.maxBytes { return overLimit(number, end - start, provider) }
        // A target of files never refuses a line, because it can begin another file.
        var load = LineLoad(bytes: end - start, requests: first < newline ? 1 : 0)
        if let inputs, JSONScanner.scan(block.line(start..<newline), into: document) == nil {
          load.furtherInputs = inputs.further(of: document.root)
        }
        _ = try target.write(block.part(start..<end), load)
        start = newline + 1
      }
      progress?(reader.bytesRead)
    }
    if requests == 0 { return Finding(code: .emptyFile, severity: .error, message: Sentences.emptyFile, length: 0) }
    return nil
  }

  private static func overLimit(_ line: Int, _ size: Int, _ provider: Provider) -> Finding {
    Finding(
      code: .maximumInputFileSizeExceeded, severity: .error,
      message: "The request has \(size) bytes, more than the \(provider.maxBytes) a file may have.", line: line,
      length: 0)
  }
}
