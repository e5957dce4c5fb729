import JSONLines

/// The requests to try again, as a batch file: their lines byte for byte, in order, within an API's limits.
///
///     let join = ResultJoin(requests: "requests.jsonl", results: ["output.jsonl", "errors.jsonl"])
///     var retry = RetryFile(join)
///     retry.outcomes.insert(.truncated)
///     let written = try retry.write(to: "again.jsonl", provider: .groq)
///     print(written.requests, written.files)
public struct RetryFile: Sendable {
  /// What was written.
  public struct Written: Sendable {
    public var requests: Int
    /// The names of the files; none where there is nothing to try again.
    public var files: [Path]
    public var account: Account
  }

  /// The outcomes that are tried again unless others are asked for.
  public static let usualOutcomes: Set<Outcome> = [.failed, .expired, .cancelled, .missing]

  public var join: ResultJoin
  /// Requests that ended so are tried again; of failures only those that may pass, see ``allFailed``.
  public var outcomes = RetryFile.usualOutcomes
  /// Whether failures are tried again that come back the same (400, 404, 422, a quota that is used up).
  public var allFailed = false

  public init(_ join: ResultJoin) { self.join = join }

  /// - Throws: ``JoinError``; `OutputError` where a file exists and is not to be replaced, or cannot be written.
  public func write(to path: Path, provider: Provider, replaces: Bool = false) throws -> Written {
    try write(to: path, provider: provider, replaces: replaces) { _ in nil }
  }

  /// - Parameter beside: makes another file of the account, which appears with the requests or not at all.
  package func write(
    to path: Path, provider: Provider, replaces: Bool, beside: (Account) throws -> OutputFiles?
  ) throws -> Written {
    let files = try OutputFiles(path: path, replaces: replaces)
    let target = FileTarget(files, provider: provider)
    let (requests, account) = try write { line in _ = try target.write(line, requests: 1) }
    let other = try beside(account)
    if requests == 0 {
      target.discard()
      _ = try other?.commit()
      return Written(requests: 0, files: [], account: account)
    }
    return Written(requests: requests, files: try files.commit(with: other), account: account)
  }

  /// Hands the lines over one by one, newline included.
  package func write(_ take: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> (Int, Account) {
    var requests = 0
    let product = JoinRun.Product.retry(outcomes: outcomes, allFailed: allFailed)
    let account = try JoinRun(join).run(product) { bytes, ends in
      var start = 0
      for end in ends {
        try take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        start = end
      }
      requests += ends.count
    }
    return (requests, account)
  }
}
