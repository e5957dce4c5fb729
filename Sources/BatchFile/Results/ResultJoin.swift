import Foundation
import JSONLines

/// Joins the results of batches with their requests, in the requests' order: exactly one outcome each.
///
///     var join = ResultJoin(requests: "requests.jsonl", results: ["output.jsonl", "errors.jsonl"])
///     join.format = .csv
///     let account = try join.write(to: "answers.csv")
///     print(account.summary)
///     for failure in account.failures { print(failure.count, failure.code ?? "", failure.firstLine) }
///
/// Answers belong to requests by `custom_id` alone; what a result line says is read as leniently as the APIs write.
public struct ResultJoin: Sendable {
  /// A part of a run: some of the requests, in one batch of one attempt.
  public struct Part: Sendable {
    /// How far it is.
    public enum State: Sendable {
      /// What it brought is in its result files, and nothing more comes.
      case ended
      /// Requests without an answer yet are pending.
      case running
      /// It was never sent, and never will be: its requests are cancelled.
      case unsent
    }

    /// Counted from 1: later attempts' answers count before earlier ones'.
    public var attempt: Int
    public var state: State
    /// The files with the part's requests; read only where it has not ended.
    public var requests: [Path]
    /// The API's files, whichever are there: output and errors.
    public var results: [Path]

    public init(attempt: Int = 1, state: State = .ended, requests: [Path] = [], results: [Path]) {
      self.attempt = attempt
      self.state = state
      self.requests = requests
      self.results = results
    }
  }

  /// The files with the requests; answers come in the order of their lines.
  public var requests: [Path]
  public var parts: [Part]
  public var format = AnswerFormat.jsonl
  /// Whether each answer comes with the API's body, byte for byte; else only where `content` does not say all.
  public var withResponse = false
  /// Whether it is known that something lacks: requests in no file are pending then, not missing, and results of which
  /// most belong to other requests are taken.
  public var isPartial = false
  /// What tokens cost, for the account.
  public var prices = PriceTable.known
  /// Threads to use; the answers are the same for any number.
  public var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// How much is read at once, in bytes.
  package var blockSize = LineReader.defaultBlockSize
  /// Whether lines like earlier ones are recognised without reading them in full. Answers are the same without it.
  package var usesForms = true
  /// Called now and then with the bytes that have been read, of ``bytesToRead``.
  package var progress: (@Sendable (Int) -> Void)?

  /// All results of one batch.
  public init(requests: Path, results: [Path]) {
    self.requests = [requests]
    parts = [Part(results: results)]
  }

  /// A run of several parts and attempts.
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

  /// - Parameter beside: makes another file of the account, which appears with the answers or not at all.
  package func write(
    to path: Path, replaces: Bool, beside: (Account) throws -> OutputFiles?
  ) throws -> Account {
    let output = try OutputFiles(path: path, replaces: replaces)
    let account = try write { bytes throws(OutputError) in try output.write(bytes, requests: 0) }
    _ = try output.commit(with: beside(account))
    return account
  }

  /// Hands the answers over in pieces of whole lines. What is wrong with the requests or the results' origin is thrown
  /// before the first piece.
  package func write(_ take: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> Account {
    let run = try JoinRun(self)
    let writer = AnswerWriter(format: format, withResponse: withResponse)
    try Array(writer.header.utf8).withUnsafeBytes { if !$0.isEmpty { try take($0) } }
    return try run.run(.answers(writer)) { bytes, _ in if !bytes.isEmpty { try take(bytes) } }
  }

  /// The account alone.
  ///
  /// - Throws: ``JoinError``
  public func account() throws -> Account {
    try JoinRun(self).run(.nothing) { _, _ in }
  }
}
