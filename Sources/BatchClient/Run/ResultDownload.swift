import BatchFile
import Foundation
import JSONLines

/// Downloads one result file, which gets its name only when it is complete.
///
/// The length that the server gives shows whether the file is complete. Without one, the length in the file's
/// description does, unless two equal downloads contradict it. Without either, the file must have as many lines as the
/// batch has counted. A file of the right length with fewer lines is downloaded once more, and taken if it comes again. In
/// any case the last line must be JSON.
struct ResultDownload {
  private static let triesWithoutProgress = 3

  let client: BatchClient
  let fileID: String
  /// The path of the complete file.
  let target: Path
  /// The path of the part that has come so far, which may be from an earlier command.
  let fragment: Path
  /// How many lines the file must have by the counts of the batch; nil where they are not known.
  let countedLines: Int?
  /// Whether this waits as long as the server asks; if not, a wait of more than a minute ends it.
  let patiently: Bool
  let progress: (@Sendable (Int) -> Void)?

  /// Whether the bytes that have come are the complete file.
  private enum Verdict {
    case whole(lines: Int)
    case short, wrong
    /// The length is right, and lines are missing.
    case few
  }

  /// Downloads the file, several times if needed.
  /// - Throws: ``RunError``. The bytes that have come stay in the fragment.
  func run() async throws(RunError) -> (bytes: Int, lines: Int) {
    var failures = 0
    var fromStart = false
    var earlier: String?
    var statedBytes: Int??
    while true {
      if fromStart { fragment.emptied() }
      fromStart = false
      let have = fragment.size
      var failure: ClientError?
      var reply: APIResponse?
      let fresh = fragment + ".more"
      do throws(ClientError) {
        reply = try await client.content(of: fileID, to: fresh, from: have, progress: report(from: have))
      } catch {
        failure = error
        reply = error.cut
      }
      if let failure, [.keyRefused, .unusable].contains(failure.kind) {
        fresh.unlink()
        throw RunError.client(failure, doing: "download of \(fileID)")
      }
      var total: Int?
      if let reply { total = try take(fresh, of: reply, have: have) }
      fresh.unlink()
      if failure?.kind == .cancelled { throw RunError.interrupted }
      // A 416 means that no bytes follow. So the fragment is complete, or is not of this file, and the download begins
      // again.
      if failure?.status == 416 { fromStart = true }
      let now = fragment.size
      if failure == nil {
        if total == nil, statedBytes == nil { statedBytes = .some(try? await client.file(fileID).bytes) }
        switch try verdict(now, total: total, stated: statedBytes ?? nil) {
        case .whole(let lines): return (now, try settle(lines))
        case .wrong:
          fromStart = true
        case .few:
          let digest = try digest()
          if digest == earlier { return (now, try settle(countLines())) }
          earlier = digest
          fromStart = true
        case .short:
          // A server that gives no length may have sent everything, so bytes that come twice are believed.
          let digest = try digest()
          if reply?.status == 200 {
            if digest == earlier, try lastLineIsJSON() { return (now, try settle(countLines())) }
            earlier = digest
          }
          // First the bytes after the fragment are asked for; if there are none, the whole file again.
          fromStart = have > 0 && now <= have
        }
      }
      if failure == nil || now <= have { failures += now > have && failure == nil && !fromStart ? 0 : 1 }
      let longest = patiently ? .infinity : client.longestRetryAfter
      if failures > ResultDownload.triesWithoutProgress || failure?.retryAfter ?? 0 > longest {
        let error =
          failure
          ?? ClientError(.unreadable, delivery: .unknown, message: "\(now) bytes came, which are not the whole file")
        throw RunError.client(error, doing: "download of \(fileID)")
      }
      if failures > 0 {
        let pause = max(Double(1 << (failures - 1)), failure?.retryAfter ?? 0)
        do { try await client.clock.sleep(seconds: pause) } catch { throw RunError.interrupted }
      }
    }
  }

  private func report(from have: Int) -> (@Sendable (Int) -> Void)? {
    guard let progress else { return nil }
    return { progress(have + $0) }
  }

  /// Appends the bytes that came to the fragment, or puts them in its place.
  /// - Returns: the length of the whole file that the server gives; nil where it gives none.
  private func take(_ fresh: Path, of reply: APIResponse, have: Int) throws(RunError) -> Int? {
    let came = fresh.size
    if reply.status == 206 {
      guard let range = ContentRange(reply.headers["content-range"]), range.start == have else { return nil }
      try append(fresh)
      return range.total
    }
    // If no range was asked for, or the server does not know ranges, the bytes are from the file's beginning.
    if came >= have {
      guard fresh.renamed(to: fragment) else { throw RunError.system(path: fragment, code: errno) }
    }
    let coding = reply.headers["content-encoding"]?.lowercased() ?? "identity"
    guard coding == "identity" || coding.isEmpty else { return nil }
    return reply.headers["content-length"].flatMap { Int($0) }
  }

  private func append(_ fresh: Path) throws(RunError) {
    let source = fresh.opened(O_RDONLY)
    guard source >= 0 else { throw RunError.system(path: fresh, code: errno) }
    defer { close(source) }
    let sink = fragment.opened(O_WRONLY | O_CREAT | O_APPEND)
    guard sink >= 0 else { throw RunError.system(path: fragment, code: errno) }
    defer { close(sink) }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(source, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw RunError.system(path: fresh, code: errno) }
      if count == 0 { return }
      var done = 0
      while done < count {
        let written = chunk.withUnsafeBytes { write(sink, $0.baseAddress! + done, count - done) }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw RunError.system(path: fragment, code: errno) }
        done += written
      }
    }
  }

  private func verdict(_ bytes: Int, total: Int?, stated: Int?) throws(RunError) -> Verdict {
    // An empty reply is a fault on the way, unless the API says that the file is empty.
    if bytes == 0 { return stated == 0 ? .whole(lines: 0) : .wrong }
    if let total {
      if bytes != total { return bytes < total ? .short : .wrong }
    } else if let stated {
      if bytes != stated { return .short }
    }
    guard try lastLineIsJSON() else { return total == nil && stated == nil ? .short : .wrong }
    let lines = try countLines()
    if let countedLines, lines < countedLines { return total == nil && stated == nil ? .short : .few }
    return .whole(lines: lines)
  }

  /// Gives the file its name.
  private func settle(_ lines: Int) throws(RunError) -> Int {
    let file = fragment.opened(O_RDWR | O_CREAT)
    guard file >= 0 else { throw RunError.system(path: fragment, code: errno) }
    defer { close(file) }
    guard fsync(file) == 0 || errno == EINVAL else { throw RunError.system(path: fragment, code: errno) }
    guard fragment.renamed(to: target) else { throw RunError.system(path: target, code: errno) }
    try RunFolder.sync(RunFolder.parent(of: target))
    return lines
  }

  // MARK: - Looking at what came

  private func digest() throws(RunError) -> String {
    let file = fragment.opened(O_RDONLY)
    guard file >= 0 else { throw RunError.system(path: fragment, code: errno) }
    defer { close(file) }
    do { return try SHA256.digest(of: file).digest } catch {
      throw RunError.system(path: fragment, code: error.code)
    }
  }

  private func countLines() throws(RunError) -> Int {
    let file = fragment.opened(O_RDONLY)
    guard file >= 0 else { throw RunError.system(path: fragment, code: errno) }
    defer { close(file) }
    let size = 1 << 18
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size + PaddedBytes.padding, alignment: 64)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    guard let base = memory.baseAddress else { return 0 }
    var lines = 0
    var last: UInt8 = 0x0A
    while true {
      let count = read(file, base, size)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw RunError.system(path: fragment, code: errno) }
      if count == 0 { return last == 0x0A ? lines : lines + 1 }
      lines += PaddedBytes(base: UnsafeRawPointer(base), count: count).count(of: 0x0A, in: 0..<count)
      last = memory[count - 1]
    }
  }

  /// Whether the last line that is not blank is JSON. A line of more than 64 MiB is not read and counts as JSON.
  private func lastLineIsJSON() throws(RunError) -> Bool {
    let file = fragment.opened(O_RDONLY)
    guard file >= 0 else { throw RunError.system(path: fragment, code: errno) }
    defer { close(file) }
    let end = fragment.size
    var length = min(end, 1 << 16)
    while true {
      var tail = [UInt8](repeating: 0, count: length)
      let count = pread(file, &tail, length, off_t(end - length))
      guard count == length else { throw RunError.system(path: fragment, code: errno) }
      while let byte = tail.last, ASCII.isBlank(byte) || byte == 0x0A { tail.removeLast() }
      if tail.isEmpty { return false }
      if let newline = tail.lastIndex(of: 0x0A) {
        return isJSON(tail[(newline + 1)...])
      }
      if length == end { return isJSON(tail[...]) }
      if length >= 64 << 20 { return true }
      length = min(end, length * 4)
    }
  }

  private func isJSON(_ line: ArraySlice<UInt8>) -> Bool {
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: line) { JSONScanner.scan($0, into: document) == nil }
  }
}

/// The header `Content-Range`, such as `bytes 100-499/500`.
struct ContentRange {
  var start: Int
  /// The length of the whole file; nil for `*`.
  var total: Int?

  init?(_ text: String?) {
    guard let words = text?.split(separator: " "), words.count == 2, words[0].lowercased() == "bytes" else {
      return nil
    }
    let parts = words[1].split(separator: "/")
    guard parts.count == 2, let first = parts[0].split(separator: "-").first, let start = Int(first) else { return nil }
    self.start = start
    total = Int(parts[1])
  }
}
