import Foundation

/// Where the lines of a conversion go. Nothing appears under the output's name before `commit`.
package protocol ConversionTarget: AnyObject {
  /// Whether this much fits into the file that the next line goes to.
  func hasRoom(for load: LineLoad) -> Bool
  /// Takes lines with their newlines: a single line, or several for which ``hasRoom(for:)`` is true.
  /// - Returns: why the lines cannot be taken; nil where they were written.
  /// - Throws: ``OutputError`` where the output cannot be written.
  func write(_ line: UnsafeRawBufferPointer, _ load: LineLoad) throws(OutputError) -> TargetRefusal?
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

/// Files on the disk. Where a line would take a file over one of the provider's limits, it goes to a new file.
package final class FileTarget: ConversionTarget {
  package let files: OutputFiles
  private let limits: FileLimits
  private let numbersAlways: Bool
  /// What the file at hand holds.
  private var held = LineLoad(bytes: 0, requests: 0)

  package init(_ files: OutputFiles, provider: Provider, numbersAlways: Bool = false) {
    self.files = files
    limits = FileLimits(provider)
    self.numbersAlways = numbersAlways
  }

  package func hasRoom(for load: LineLoad) -> Bool { limits.refusal(of: load, after: held) == nil }

  package func write(_ line: UnsafeRawBufferPointer, _ load: LineLoad) throws(OutputError) -> TargetRefusal? {
    // A line that no file has room for goes into one of its own.
    if held.bytes > 0, !hasRoom(for: load) {
      try files.beginFile()
      held = LineLoad(bytes: 0, requests: 0)
    }
    try files.write(line)
    held += load
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
  private let limits: FileLimits
  private var held = LineLoad(bytes: 0, requests: 0)

  package init(_ sink: any ByteSink, provider: Provider) {
    self.sink = sink
    limits = FileLimits(provider)
  }

  package func hasRoom(for load: LineLoad) -> Bool { limits.refusal(of: load, after: held) == nil }

  package func write(_ line: UnsafeRawBufferPointer, _ load: LineLoad) throws(OutputError) -> TargetRefusal? {
    if let refusal = limits.refusal(of: load, after: held) { return refusal }
    held += load
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
