import BatchFile
import Foundation
import JSONLines

/// One fact of a run, which is a line of the journal. Which members it has depends on ``fact``.
///
/// It holds no key, request or answer.
package struct Fact: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable {
    /// The run: its input, provider, base URL, window, metadata, and a hash of the key.
    case run
    /// A part: its attempt, number, bytes, requests, first line, digest and url.
    case part
    /// The part's file is at the API: the file's id, and the server's time.
    case uploaded
    /// The request that creates a batch is about to be sent.
    case creating
    case created, adopted
    /// The API refused the request, so no batch was made.
    case refused
    /// The most that the run may cost from here on.
    case limit
    /// It is not known whether a batch was made.
    case unknown
    /// The batch failed because the API's queue was full. It is created again later, with the same file.
    case queued
    /// Something about the batch changed.
    case state
    case cancelling
    /// A result file is completely on the disk.
    case downloaded
    /// The API's files of the run were deleted.
    case deleted
    /// The answers were written, or are about to be, to a file that the user named.
    case wrote
  }

  package var v = 1
  package var time: Double
  package var fact: Kind
  package var attempt: Int?
  package var number: Int?
  package var file: String?
  package var bytes: Int?
  package var requests: Int?
  package var firstLine: Int?
  package var digest: String?
  package var url: String?
  /// How many parts the attempt has. If there are fewer facts, a crash has interrupted the plan.
  package var of: Int?
  package var provider: String?
  package var api: Provider.API?
  package var window: String?
  package var metadata: [String: String]?
  package var salt: String?
  package var keyHash: String?
  package var fileID: String?
  /// The server's time, in seconds since 1970.
  package var createdAt: Double?
  package var creation: Int?
  package var batchID: String?
  package var why: String?
  package var httpStatus: Int?
  package var status: String?
  package var total: Int?
  package var completed: Int?
  package var failed: Int?
  package var outputFileID: String?
  package var errorFileID: String?
  package var expiresAt: Double?
  package var errors: [ErrorFact]?
  package var which: ResultKind?
  package var lines: Int?
  /// The limit in US dollars for the upper end of the estimate of everything that is sent.
  package var maxCost: Double?
  /// The most requests and bytes of a part; nil for no limit.
  package var maxRequests: Int?
  package var maxBytes: Int?
  /// The prices for the estimate, as they were given: `MODEL=IN,OUT`.
  package var prices: [String]?

  /// One of the API's errors about a batch.
  package struct ErrorFact: Codable, Hashable, Sendable {
    package var code: String?
    package var message: String?
    package var param: String?
    package var line: Int?
  }

  package init(_ fact: Kind, part: PartID? = nil) {
    self.fact = fact
    time = 0
    attempt = part?.attempt
    number = part?.number
  }

  package var part: PartID? {
    guard let attempt, let number else { return nil }
    return PartID(attempt: attempt, number: number)
  }

  private enum CodingKeys: String, CodingKey {
    case v, time, fact, attempt, number, file, bytes, requests
    case firstLine = "first_line"
    case digest, url, of, provider, api
    case window, metadata, salt
    case keyHash = "key_hash"
    case fileID = "file_id"
    case createdAt = "created_at"
    case creation
    case batchID = "batch_id"
    case why
    case httpStatus = "http_status"
    case status, total, completed, failed
    case outputFileID = "output_file_id"
    case errorFileID = "error_file_id"
    case expiresAt = "expires_at"
    case errors, which, lines
    case maxCost = "max_cost"
    case maxRequests = "max_requests"
    case maxBytes = "max_bytes"
    case prices
  }
}

/// The facts of a run in their order. A fact is appended and flushed to the disk before anything is done because of it.
package final class Journal {
  private let path: Path
  private let file: OpenFile
  private var descriptor: Int32 { file.descriptor }
  private let clock: any WallClock
  private var size: Int
  package private(set) var facts: [Fact]

  /// Reads the journal, and cuts off a last line that a crash has left incomplete. The lock of the run must be held.
  package init(_ path: Path, clock: any WallClock) throws(RunError) {
    self.path = path
    self.clock = clock
    file = OpenFile(path.opened(O_RDWR | O_CREAT | O_APPEND))
    guard file.descriptor >= 0 else { throw RunError.system(path: path, code: errno) }
    let bytes = try Journal.bytes(file.descriptor, path)
    (facts, size) = try Journal.parse(bytes, path)
    if size < bytes.count {
      guard ftruncate(file.descriptor, off_t(size)) == 0, fsync(file.descriptor) == 0 else {
        throw RunError.system(path: path, code: errno)
      }
    }
    try RunFolder.sync(RunFolder.parent(of: path))
  }

  /// Reads the journal without the lock, for commands that change nothing.
  package static func read(_ path: Path) throws(RunError) -> [Fact] {
    let descriptor = path.opened(O_RDONLY)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? RunError.noRun(path) : RunError.system(path: path, code: errno)
    }
    defer { close(descriptor) }
    return try parse(bytes(descriptor, path), path).facts
  }

  package func append(_ fact: Fact) throws(RunError) {
    var fact = fact
    fact.time = clock.now.timeIntervalSince1970
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // All numbers are finite, so encoding them cannot fail; and an empty line would be an error below.
    var line = Array((try? encoder.encode(fact)) ?? Data())
    line.append(0x0A)
    var done = 0
    while done < line.count {
      let count = line.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + done, line.count - done) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw undo(errno) }
      done += count
    }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw undo(errno) }
    size += line.count
    facts.append(fact)
  }

  /// Removes a line that a full disk took only in part. The facts before it stay.
  private func undo(_ code: Int32) -> RunError {
    ftruncate(descriptor, off_t(size))
    return RunError.system(path: path, code: code)
  }

  private static func bytes(_ descriptor: Int32, _ path: Path) throws(RunError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw RunError.system(path: path, code: errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// - Returns: the facts, and how many bytes they take. Bytes after the last newline are not a fact.
  private static func parse(_ bytes: [UInt8], _ path: Path) throws(RunError) -> (facts: [Fact], size: Int) {
    var facts: [Fact] = []
    var start = 0
    let decoder = JSONDecoder()
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      guard let fact = try? decoder.decode(Fact.self, from: Data(bytes[start..<end])), fact.v == 1 else {
        throw RunError.journal(path: path, line: bytes[..<start].count { $0 == 0x0A } + 1)
      }
      facts.append(fact)
      start = end + 1
    }
    return (facts, start)
  }
}
