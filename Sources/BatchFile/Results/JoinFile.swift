import Foundation
import JSONLines

/// A file that a join reads. It stays open as long as the join lasts.
final class JoinFile: Sendable {
  /// What the lines of a file are.
  enum Role: Equatable, Sendable {
    /// The requests whose answers are wanted.
    case requests
    /// The results of an attempt, which is counted from 1.
    case results(attempt: Int)
    /// Requests of a part that has not ended.
    case pending
    /// Requests of a part that was never sent, and never will be.
    case unsent
  }

  let path: Path
  let role: Role
  /// The open file. For a pipe it is a temporary copy, because the file is read more than once.
  let handle: FileHandle

  /// - Throws: ``JoinError`` where the file cannot be read; `OutputError` where a pipe's content cannot be copied.
  init(_ path: Path, _ role: Role) throws {
    self.path = path
    self.role = role
    do {
      let handle = try InputError.open(path)
      if lseek(handle.fileDescriptor, 0, SEEK_CUR) >= 0 {
        self.handle = handle
      } else {
        let copy = try UnnamedFile()
        try copy.fill(from: handle)
        self.handle = copy.handle
      }
      try JoinFile.refuseFolder(self.handle)
    } catch let error as InputError {
      throw JoinError.unreadable(path, error.reason)
    }
  }

  private static func refuseFolder(_ handle: FileHandle) throws(InputError) {
    var status = stat()
    guard fstat(handle.fileDescriptor, &status) == 0 else { throw InputError(code: errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw InputError(code: EISDIR) }
  }

  /// A reader of the whole file, from its beginning.
  func reader(blockSize: Int) -> LineReader {
    lseek(handle.fileDescriptor, 0, SEEK_SET)
    return LineReader(handle, blockSize: blockSize)
  }

  /// A reader of a table, which may be UTF-16, from the beginning.
  func textReader() throws -> LineReader {
    lseek(handle.fileDescriptor, 0, SEEK_SET)
    do {
      let (text, prefix) = try WideText.opened(handle)
      return LineReader(text, prefix: prefix)
    } catch let error as InputError {
      throw JoinError.unreadable(path, error.reason)
    }
  }

  /// The numbers of the lines, from 1, that the bytes at some offsets belong to. The offsets must be in rising order.
  func lines(at offsets: [Int]) -> [Int] {
    var found: [Int] = []
    var line = 1
    var position = 0
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while found.count < offsets.count {
      let count = pread(handle.fileDescriptor, &chunk, chunk.count, off_t(position))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      var start = 0
      while found.count < offsets.count, offsets[found.count] < position + count {
        let end = offsets[found.count] - position
        line += chunk[start..<end].count { $0 == ASCII.newline }
        start = end
        found.append(line)
      }
      line += chunk[start..<count].count { $0 == ASCII.newline }
      position += count
    }
    return found + Array(repeating: line, count: offsets.count - found.count)
  }
}

/// Why requests and results cannot be joined.
public enum JoinError: Error, CustomStringConvertible, Sendable {
  /// A file cannot be opened or read.
  case unreadable(Path, InputError.Reason)
  /// A file changed while it was read.
  case changed(path: Path)
  /// The requests' file has lines that no answer can be joined to. Nothing was written.
  case requests([RequestFault])
  /// Less than half of the ids in the result files belong to a request, so these are probably other requests. Nothing
  /// was written.
  /// - Parameter unreadable: for people, what is wrong with lines that are not results, and what the files seem to be.
  case otherRequests(matching: Int, of: Int, unreadable: [String])
  /// There are more files than a join can have.
  case tooManyFiles(limit: Int)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .changed(let path): "\(path): changed while it was read"
    case .requests(let faults):
      faults.prefix(3).map(\.description).joined(separator: "; ")
        + (faults.count > 3 ? "; and \(Counted.number(faults.count - 3)) more" : "")
    case .otherRequests(0, let all, let unreadable):
      all == 0
        ? "no line of the result files is a result" + (unreadable.isEmpty ? "" : ": ")
          + unreadable.joined(separator: "; ")
        : "none of the \(Counted.number(all)) ids in the result files belongs to a request; "
          + "the results belong to other requests"
    case .otherRequests(let matching, let all, _):
      "only \(Counted.number(matching)) of the \(Counted.number(all)) ids in the result files belong to a request; "
        + "the results belong to other requests"
    case .tooManyFiles(let limit): "more than \(limit) files"
    }
  }
}

/// A line of the requests' file that no answer can be joined to.
public struct RequestFault: Sendable, Equatable, CustomStringConvertible {
  /// Why no answer can be joined to the line.
  public enum Reason: Sendable, Equatable {
    /// The line is not one JSON object, for the reason given in words.
    case unreadable(String)
    /// `custom_id` is missing or not a string.
    case noID
    /// An earlier line has the same `custom_id`.
    case duplicate(of: Int, id: String)
  }

  public var path: Path
  /// The line's number, from 1.
  public var line: Int
  public var reason: Reason

  public var description: String {
    switch reason {
    case .unreadable(let why): "\(path):\(line): cannot be read: \(why)"
    case .noID: "\(path):\(line): has no custom_id, so no answer can be joined to it"
    case .duplicate(let first, let id):
      "\(path):\(line): the custom_id '\(Words.cut(id))' was used on line \(first) already, so an answer could belong to either of them"
    }
  }
}

/// Writes numbers for people: `1,234,567`.
package enum Counted {
  package static func number(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (k, digit) in digits.enumerated() {
      if k > 0, (digits.count - k) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A number with its noun: `1 request`, `2 requests`.
  package static func of(_ count: Int, _ noun: String) -> String {
    "\(number(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}
