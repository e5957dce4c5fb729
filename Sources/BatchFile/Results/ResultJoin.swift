import Foundation
import JSONLines

/// Joins the results of batches with their requests, in the requests' order. Each request gets exactly one outcome.
///
///     var join = ResultJoin(requests: "requests.jsonl", results: ["output.jsonl", "errors.jsonl"])
///     join.format = .csv
///     let account = try join.write(to: "answers.csv")
///     print(account.summary)
///     for failure in account.failures { print(failure.count, failure.code ?? "", failure.firstLine) }
///
/// Only the `custom_id` decides which answer belongs to which request. Result lines are read leniently, because APIs
/// write them in different ways.
public struct ResultJoin: Sendable {
  /// A part of a run: the requests of one batch of one attempt.
  public struct Part: Sendable {
    /// How far the part is.
    public enum State: Sendable {
      /// The part has ended, and its result files have all answers that it will ever have.
      case ended
      /// The part has not ended, so requests without an answer are pending.
      case running
      /// The part was never sent and never will be, so its requests are cancelled.
      case unsent
    }

    /// The attempt, counted from 1. Answers of later attempts are preferred to those of earlier ones.
    public var attempt: Int
    public var state: State
    /// The files with the part's requests. They are read only if the part has not ended.
    public var requests: [Path]
    /// The API's output and error files, as far as they exist.
    public var results: [Path]

    public init(attempt: Int = 1, state: State = .ended, requests: [Path] = [], results: [Path]) {
      self.attempt = attempt
      self.state = state
      self.requests = requests
      self.results = results
    }
  }

  /// The files with the requests. The answers come in the order of their lines.
  public var requests: [Path]
  public var parts: [Part]
  public var format = AnswerFormat.jsonl
  /// Whether each answer comes with the API's whole body, byte for byte. If false, only answers do of which `content`
  /// is not all.
  public var withResponse = false
  /// Whether the results are known to be incomplete. Requests without a result are then pending and not missing, and
  /// result files are accepted even if most of their ids belong to no request.
  public var isPartial = false
  /// The prices for the account.
  public var prices = PriceTable.known
  /// The most threads; the answers are the same for any number.
  public var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// How many bytes are read at once.
  package var blockSize = LineReader.defaultBlockSize
  /// Whether lines like earlier ones are recognised without reading them in full. Answers are the same without it.
  package var usesForms = true
  /// Called now and then with the bytes that have been read, of ``bytesToRead``.
  package var progress: (@Sendable (Int) -> Void)?

  /// A join of one file of requests with all results of its batch.
  public init(requests: Path, results: [Path]) {
    self.requests = [requests]
    parts = [Part(results: results)]
  }

  /// A join of requests with the results of several parts and attempts.
  public init(requests: [Path], parts: [Part]) {
    self.requests = requests
    self.parts = parts
  }

  var unanswered: Outcome { isPartial ? .pending : .missing }

  /// About how many bytes are read: the requests once, the results twice. What comes through a pipe is not known.
  package var bytesToRead: Int {
    func size(_ files: [Path]) -> Int {
      files.reduce(0) { sum, file in
        let status = file.status
        return sum + (status.map { $0.st_mode & S_IFMT == S_IFREG ? Int($0.st_size) : 0 } ?? 0)
      }
    }
    return size(requests)
      + parts.reduce(0) { $0 + 2 * size($1.results) + ($1.state == .ended ? 0 : size($1.requests)) }
  }

  /// Writes the answers to a file, which appears whole or not at all.
  ///
  /// - Throws: ``JoinError``; `OutputError` where the file exists and is not to be replaced, or cannot be written.
  public func write(to path: Path, replaces: Bool = false) throws -> Account {
    try write(to: path, replaces: replaces) { _ in nil }
  }

  /// - Parameter beside: makes another file from the account, which gets its name together with the answers or not at
  ///   all.
  package func write(
    to path: Path, replaces: Bool, beside: (Account) throws -> OutputFiles?
  ) throws -> Account {
    let output = try OutputFiles(path: path, replaces: replaces)
    let account = try write(
      { bytes throws(OutputError) in try output.write(bytes) },
      restart: { () throws(OutputError) in try output.restart() })
    _ = try output.commit(with: beside(account))
    return account
  }

  /// Calls `take` with the answers, in pieces of whole lines.
  ///
  /// - Parameter restart: forgets all that was taken; nil where that is not possible, as for a pipe. Without it, errors
  ///   about the requests, and about results of other requests, are thrown before the first piece.
  package func write(
    _ take: @escaping (UnsafeRawBufferPointer) throws -> Void, restart: (() throws -> Void)? = nil
  ) throws -> Account {
    let writer = AnswerWriter(format: format, withResponse: withResponse)
    let begin = { try Array(writer.header.utf8).withUnsafeBytes { if !$0.isEmpty { try take($0) } } }
    let settle = { (bytes: UnsafeRawBufferPointer, _: [Int]) in if !bytes.isEmpty { try take(bytes) } }
    if let restart {
      try begin()
      do {
        return try JoinRun(self, .answers(writer), early: EarlyJoin(writer, take)).run(settle)
      } catch is EarlyJoin.Conflict { try restart() }
    }
    let run = try JoinRun(self, .answers(writer))
    try begin()
    return try run.run(settle)
  }

  /// The account, without writing answers.
  ///
  /// - Throws: ``JoinError``
  public func account() throws -> Account {
    do {
      return try JoinRun(self, .nothing, early: EarlyJoin(nil) { _ in }).run { _, _ in }
    } catch is EarlyJoin.Conflict {
      return try JoinRun(self, .nothing).run { _, _ in }
    }
  }
}
