import BatchFile
import Foundation
import JSONLines

/// Cuts a file of requests into parts: by url, because a batch has one endpoint, by model, where the API takes one a batch,
/// and by the limits for uploads.
struct PartPlanner {
  /// One file of requests for one batch.
  struct Part: Sendable {
    /// The path of the part's own file.
    var path: Path
    /// The size of the file.
    var bytes = 0
    var requests = 0
    /// The line of the input that has the first request, from 1.
    var firstLine: Int?
    /// The file's SHA-256 digest in hexadecimal digits.
    var digest = ""
    /// The url of all its requests; empty for lines without one.
    var url: String
  }

  /// What the requests of a part have in common.
  private struct Kind: Hashable {
    var url = ""
    /// Empty where a batch may have several.
    var model = ""
  }

  let limits: FileLimits
  /// The path of the file for the part of a number.
  let path: (Int) -> Path

  /// Writes the parts to the disk. A file that need not be cut is copied: as a hard link, the run's own file would change
  /// whenever a program writes into the input, and the answers would be joined with other requests.
  ///
  /// - Throws: ``RunError``. Files that were written before the error are removed by the next try.
  func plan(_ input: Path) throws(RunError) -> [Part] {
    let handle: FileHandle
    do { handle = try InputError.open(input) } catch { throw RunError.system(path: input, code: error.code) }
    defer { try? handle.close() }
    var writers: [Kind: PartWriter] = [:]
    var finished: [(Int, Part)] = []
    var count = 0
    // The file is read once without writing, because most files need not be cut.
    if let whole = try uncut(handle, input) {
      return [try PartWriter(1, whole).copy(from: handle.fileDescriptor, input)]
    }
    lseek(handle.fileDescriptor, 0, SEEK_SET)
    try forEachRequest(handle, input) { (line, kind, load, number) throws(RunError) in
      try expectRoom(for: load, number)
      if let writer = writers[kind], limits.refusal(of: load, after: writer.held) != nil {
        finished.append((writer.number, try writer.finish()))
        writers[kind] = nil
      }
      let writer: PartWriter
      if let open = writers[kind] {
        writer = open
      } else {
        count += 1
        writer = try PartWriter(count, Part(path: path(count), firstLine: number, url: kind.url))
        writers[kind] = writer
      }
      try writer.write(line, load)
    }
    for writer in writers.values { finished.append((writer.number, try writer.finish())) }
    return finished.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// How many parts ``plan(_:)`` would make.
  func count(_ input: Path) throws(RunError) -> Int {
    let handle: FileHandle
    do { handle = try InputError.open(input) } catch { throw RunError.system(path: input, code: error.code) }
    defer { try? handle.close() }
    if try uncut(handle, input) != nil { return 1 }
    lseek(handle.fileDescriptor, 0, SEEK_SET)
    var open: [Kind: LineLoad] = [:]
    var parts = 0
    try forEachRequest(handle, input) { (_, kind, load, number) throws(RunError) in
      try expectRoom(for: load, number)
      if let held = open[kind], limits.refusal(of: load, after: held) == nil {
        open[kind]? += load
      } else {
        parts += 1
        open[kind] = load
      }
    }
    return parts
  }

  /// The whole file as one part; nil where it must be cut.
  private func uncut(_ handle: FileHandle, _ input: Path) throws(RunError) -> Part? {
    var status = stat()
    guard fstat(handle.fileDescriptor, &status) == 0, status.st_size <= limits.bytes else { return nil }
    var part = Part(path: path(1), bytes: Int(status.st_size), url: "")
    var first: Kind?
    var isOne = true
    var held = LineLoad(bytes: 0, requests: 0)
    try forEachRequest(handle, input) { (_, kind, load, number) throws(RunError) in
      if first == nil { (first, part.url, part.firstLine) = (kind, kind.url, number) }
      held += load
      if first != kind { isOne = false }
    }
    part.requests = held.requests
    // The whole file has blank lines, too, and its last line may lack an end.
    held.bytes = part.bytes
    return isOne && limits.refusal(of: LineLoad(bytes: 0, requests: 0), after: held) == nil ? part : nil
  }

  /// Checks that a part of its own can hold a request.
  private func expectRoom(for load: LineLoad, _ line: Int) throws(RunError) {
    if load.bytes > limits.bytes { throw RunError.tooLarge(line: line, bytes: load.bytes, limit: limits.bytes) }
    let inputs = load.furtherInputs + 1
    if load.furtherInputs > 0, inputs > limits.inputs {
      throw RunError.tooManyInputs(line: line, inputs: inputs, limit: limits.inputs)
    }
  }

  private func forEachRequest(
    _ handle: FileHandle, _ input: Path,
    _ body: (UnsafeRawBufferPointer, Kind, LineLoad, Int) throws(RunError) -> Void
  ) throws(RunError) {
    let reader = LineReader(handle)
    let block = LineBlock()
    let document = JSONDocument()
    var number = 0
    while true {
      do {
        guard try reader.fill(block) else { return }
      } catch { throw RunError.system(path: input, code: error.code) }
      var start = block.textStart
      while start < block.count {
        number += 1
        if let length = block.cutLineLength {
          throw RunError.tooLarge(line: number, bytes: length, limit: limits.bytes)
        }
        let end = block.endOfLine(from: start)
        let line = block.line(start..<end)
        if (start..<end).contains(where: { !ASCII.isBlank(block.bytes[$0]) }) {
          let request = JSONScanner.scan(line, into: document) == nil ? document.root : nil
          // In a part each line has an end, the last one too.
          let load = limits.load(bytes: end - start + 1, request)
          var kind = Kind(url: request?["url"]?.text ?? "")
          if limits.isOfOneModel { kind.model = request?["body"]?["model"]?.text ?? "" }
          try body(block.part(start..<end), kind, load, number)
        }
        start = end + 1
      }
    }
  }
}

/// One file of requests while it is written.
private final class PartWriter {
  let number: Int
  private(set) var part: PartPlanner.Part
  private(set) var held = LineLoad(bytes: 0, requests: 0)
  private let descriptor: Int32
  private var hash = SHA256()
  private var buffer: [UInt8] = []

  init(_ number: Int, _ part: PartPlanner.Part) throws(RunError) {
    self.number = number
    self.part = part
    // A file of an earlier version of this program may be a hard link to the input, so it is removed and not emptied.
    part.path.unlink()
    descriptor = part.path.opened(O_WRONLY | O_CREAT | O_EXCL)
    guard descriptor >= 0 else { throw RunError.system(path: part.path, code: errno) }
  }

  deinit { close(descriptor) }

  func write(_ line: UnsafeRawBufferPointer, _ load: LineLoad) throws(RunError) {
    buffer += line
    buffer.append(ASCII.newline)
    held += load
    if buffer.count >= 1 << 18 { try flush() }
  }

  /// Copies a whole file of requests.
  func copy(from source: Int32, _ name: Path) throws(RunError) -> PartPlanner.Part {
    held.requests = part.requests
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var offset = 0
    while true {
      let count = pread(source, &chunk, chunk.count, off_t(offset))
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw RunError.system(path: name, code: errno) }
      if count == 0 { break }
      buffer = Array(chunk[..<count])
      try flush()
      offset += count
    }
    held.bytes = offset
    return try finish()
  }

  func finish() throws(RunError) -> PartPlanner.Part {
    try flush()
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw RunError.system(path: part.path, code: errno) }
    part.digest = hash.finish()
    (part.bytes, part.requests) = (held.bytes, held.requests)
    return part
  }

  private func flush() throws(RunError) {
    var done = 0
    while done < buffer.count {
      let count = buffer.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + done, buffer.count - done) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw RunError.system(path: part.path, code: errno) }
      done += count
    }
    buffer.withUnsafeBytes { hash.update($0) }
    buffer.removeAll(keepingCapacity: true)
  }
}
