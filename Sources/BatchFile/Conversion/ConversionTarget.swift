import Foundation

/// Where the lines of a conversion go. Nothing appears under the output's name before `commit`.
package protocol ConversionTarget: AnyObject {
  /// Whether this many bytes and requests fit into the file that the next line goes to.
  func hasRoom(for bytes: Int, _ requests: Int) -> Bool
  /// Takes lines with their newlines: a single line, or several for which ``hasRoom(for:_:)`` is true.
  /// - Returns: why the lines cannot be taken; nil where they were written.
  /// - Throws: ``OutputError`` where the output cannot be written.
  func write(_ line: UnsafeRawBufferPointer, requests: Int) throws(OutputError) -> TargetRefusal?
  /// Says that a note can be given at the end. Called before anything is written.
  /// - Returns: whether the output keeps a note. A stream has no place for one, so nothing needs to be digested for it.
  func expectNote() -> Bool
  /// Gives the output its name.
  /// - Parameter note: stands beside the files, where there are any.
  /// - Returns: the paths of the files that were written; none for a stream.
  func commit(_ note: ConversionNote?) throws(OutputError) -> [Path]
  /// Removes the output.
  func discard()
}

extension ConversionTarget {
  package func commit() throws(OutputError) -> [Path] { try commit(nil) }
}

/// The limit for which a target that cannot begin another file refuses lines.
package struct TargetRefusal {
  var code: Code
  var limit: Int
}

/// Files on the disk. Where a line would take a file over one of the provider's limits, it goes to a new file.
package final class FileTarget: ConversionTarget {
  package let files: OutputFiles
  private let maxBytes: Int
  private let maxRequests: Int
  private let numbersAlways: Bool

  package init(_ files: OutputFiles, provider: Provider, numbersAlways: Bool = false) {
    self.files = files
    maxBytes = provider.maxBytes > 0 ? provider.maxBytes : .max
    maxRequests = provider.maxRequests > 0 ? provider.maxRequests : .max
    self.numbersAlways = numbersAlways
  }

  package func hasRoom(for bytes: Int, _ requests: Int) -> Bool {
    files.bytesInFile + bytes <= maxBytes && files.requestsInFile + requests <= maxRequests
  }

  package func write(_ line: UnsafeRawBufferPointer, requests: Int) throws(OutputError) -> TargetRefusal? {
    if files.bytesInFile + line.count > maxBytes || files.requestsInFile + requests > maxRequests {
      try files.beginFile()
    }
    try files.write(line, requests: requests)
    return nil
  }

  package func expectNote() -> Bool {
    files.keepDigests()
    return true
  }

  package func commit(_ note: ConversionNote?) throws(OutputError) -> [Path] {
    try files.commit(numbersAlways: numbersAlways, note: ConversionNote.beside(files.path, note))
  }

  package func discard() { files.discard() }
}

/// A stream. It cannot take lines back, so it gets all lines at the end.
package final class StreamTarget: ConversionTarget {
  private let sink: any ByteSink
  private let spool = Spool()
  private let provider: Provider
  private var requests = 0

  package init(_ sink: any ByteSink, provider: Provider) {
    self.sink = sink
    self.provider = provider
  }

  package func hasRoom(for bytes: Int, _ requests: Int) -> Bool {
    (provider.maxBytes == 0 || spool.count + bytes <= provider.maxBytes)
      && (provider.maxRequests == 0 || self.requests + requests <= provider.maxRequests)
  }

  package func write(_ line: UnsafeRawBufferPointer, requests: Int) throws(OutputError) -> TargetRefusal? {
    if provider.maxBytes > 0, spool.count + line.count > provider.maxBytes {
      return TargetRefusal(code: .maximumInputFileSizeExceeded, limit: provider.maxBytes)
    }
    if provider.maxRequests > 0, self.requests + requests > provider.maxRequests {
      return TargetRefusal(code: .maximumRequestsExceeded, limit: provider.maxRequests)
    }
    self.requests += requests
    spool.append { $0 += line }
    return nil
  }

  package func expectNote() -> Bool { false }

  package func commit(_ note: ConversionNote?) throws(OutputError) -> [Path] {
    spool.copy(0..<spool.count, to: sink)
    return []
  }

  package func discard() { spool.reset() }
}
