import BatchFile
import Foundation
import JSONLines

/// Cuts a file of requests into parts: by url, because a batch has one endpoint, and by the limits for uploads.
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

  let maxBytes: Int
  let maxRequests: Int
  /// The path of the file for the part of a number.
  let path: (Int) -> Path

  init(maxBytes: Int, maxRequests: Int, path: @escaping (Int) -> Path) {
    self.maxBytes = maxBytes > 0 ? maxBytes : .max
    self.maxRequests = maxRequests > 0 ? maxRequests : .max
    self.path = path
  }

  /// Writes the parts to the disk. A file that need not be cut becomes a hard link, or a copy where there are no hard
  /// links.
  ///
  /// - Throws: ``RunError``. Files that were written before the error are removed by the next try.
  func plan(_ input: Path) throws(RunError) -> [Part] {
    let handle: FileHandle
    do { handle = try InputError.open(input) } catch { throw RunError.system(path: input, code: error.code) }
    defer { try? handle.close() }
    var writers: [String: PartWriter] = [:]
    var finished: [(Int, Part)] = []
    var count = 0
    // The file is read once without writing, because most files need not be cut.
    if let whole = try uncut(handle, input) { return [try link(whole, input, handle.fileDescriptor)] }
    lseek(handle.fileDescriptor, 0, SEEK_SET)
    try forEachRequest(handle, input) { (line, url, number) throws(RunError) in
      if line.count + 1 > maxBytes { throw RunError.tooLarge(line: number, bytes: line.count + 1, limit: maxBytes) }
      if let writer = writers[url],
        writer.part.bytes + line.count + 1 > maxBytes || writer.part.requests >= maxRequests
      {
        finished.append((writer.number, try writer.finish()))
        writers[url] = nil
      }
      let writer: PartWriter
      if let open = writers[url] {
        writer = open
      } else {
        count += 1
        writer = try PartWriter(count, Part(path: path(count), firstLine: number, url: url))
        writers[url] = writer
      }
      try writer.write(line)
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
    var open: [String: (bytes: Int, requests: Int)] = [:]
    var parts = 0
    try forEachRequest(handle, input) { (line, url, number) throws(RunError) in
      let bytes = line.count + 1
      if bytes > maxBytes { throw RunError.tooLarge(line: number, bytes: bytes, limit: maxBytes) }
      var part = open[url] ?? (0, 0)
      if part.requests == 0 || part.bytes + bytes > maxBytes || part.requests >= maxRequests {
        parts += 1
        part = (0, 0)
      }
      open[url] = (part.bytes + bytes, part.requests + 1)
    }
    return parts
  }

  /// The whole file as one part; nil where it must be cut.
  private func uncut(_ handle: FileHandle, _ input: Path) throws(RunError) -> Part? {
    var status = stat()
    guard fstat(handle.fileDescriptor, &status) == 0, status.st_size <= maxBytes else { return nil }
    var part = Part(path: path(1), bytes: Int(status.st_size), url: "")
    var isOne = true
    try forEachRequest(handle, input) { (_, url, number) throws(RunError) in
      if part.requests == 0 {
        part.url = url
        part.firstLine = number
      }
      part.requests += 1
      if !part.url.utf8.elementsEqual(url.utf8) { isOne = false }
    }
    return isOne && part.requests <= maxRequests ? part : nil
  }

  private func link(_ part: Part, _ input: Path, _ descriptor: Int32) throws(RunError) -> Part {
    var part = part
    part.path.unlink()
    if input.withCString({ from in part.path.withCString { Foundation.link(from, $0) } }) != 0 {
      let writer = try PartWriter(1, part)
      try writer.copy(from: descriptor, input)
    }
    let file = part.path.opened(O_RDONLY)
    guard file >= 0 else { throw RunError.system(path: part.path, code: errno) }
    defer { close(file) }
    do { (part.digest, part.bytes) = try SHA256.digest(of: file) } catch {
      throw RunError.system(path: part.path, code: error.code)
    }
    return part
  }

  private func forEachRequest(
    _ handle: FileHandle, _ input: Path,
    _ body: (UnsafeRawBufferPointer, String, Int) throws(RunError) -> Void
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
        if let length = block.cutLineLength { throw RunError.tooLarge(line: number, bytes: length, limit: maxBytes) }
        let end = block.endOfLine(from: start)
        let line = block.line(start..<end)
        if (start..<end).contains(where: { !ASCII.isBlank(block.bytes[$0]) }) {
          let isJSON = JSONScanner.scan(line, into: document) == nil
          try body(block.part(start..<end), isJSON ? document.root["url"]?.text ?? "" : "", number)
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
  private let descriptor: Int32
  private var hash = SHA256()
  private var buffer: [UInt8] = []

  init(_ number: Int, _ part: PartPlanner.Part) throws(RunError) {
    self.number = number
    self.part = part
    // A file of an earlier try may be a hard link to the input, so it is removed and not emptied.
    part.path.unlink()
    descriptor = part.path.opened(O_WRONLY | O_CREAT | O_EXCL)
    guard descriptor >= 0 else { throw RunError.system(path: part.path, code: errno) }
  }

  deinit { close(descriptor) }

  func write(_ line: UnsafeRawBufferPointer) throws(RunError) {
    buffer += line
    buffer.append(0x0A)
    part.bytes += line.count + 1
    part.requests += 1
    if buffer.count >= 1 << 18 { try flush() }
  }

  func copy(from source: Int32, _ name: Path) throws(RunError) {
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
    _ = try finish()
  }

  func finish() throws(RunError) -> PartPlanner.Part {
    try flush()
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw RunError.system(path: part.path, code: errno) }
    part.digest = hash.finish()
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
