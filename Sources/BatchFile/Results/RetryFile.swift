import JSONLines

/// Writes a batch file with the requests to try again: their lines byte for byte, in order, within the limits of an
/// API.
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
    /// The paths of the files; none where there is nothing to try again.
    public var files: [Path]
    public var account: Account
  }

  /// The outcomes that are tried again by default.
  public static let usualOutcomes: Set<Outcome> = [.failed, .expired, .cancelled, .missing]

  public var join: ResultJoin
  /// The outcomes that are tried again. Of failures, only those are that may pass, unless ``allFailed`` is set.
  public var outcomes = RetryFile.usualOutcomes
  /// Whether failures are tried again too that the same request would get again (400, 404, 422, a quota that is used
  /// up).
  public var allFailed = false

  /// The lines of requests that are not tried again whatever their outcome is.
  package var leavesOut: Set<[UInt8]> = []

  public init(_ join: ResultJoin) { self.join = join }

  /// Writes the file, or several where one would go over a limit of the provider.
  /// - Throws: ``JoinError``; `OutputError` where a file exists and must not be replaced, or cannot be written.
  public func write(to path: Path, provider: Provider, replaces: Bool = false) throws -> Written {
    try write(to: path, provider: provider, replaces: replaces) { _ in nil }
  }

  /// - Parameter beside: makes another file from the account, which gets its name together with the requests or not at
  ///   all.
  package func write(
    to path: Path, provider: Provider, replaces: Bool, beside: (Account) throws -> OutputFiles?
  ) throws -> Written {
    let files = try OutputFiles(path: path, replaces: replaces)
    let target = FileTarget(files, provider: provider)
    let limits = FileLimits(provider)
    let document = JSONDocument()
    let (requests, account) = try write { line in
      _ = try target.write(line, limits.load(line, document))
    }
    let other = try beside(account)
    if requests == 0 {
      target.discard()
      _ = try other?.commit()
      return Written(requests: 0, files: [], account: account)
    }
    return Written(requests: requests, files: try files.commit(with: other), account: account)
  }

  /// Calls `take` with each line, including its newline.
  package func write(_ take: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> (Int, Account) {
    var requests = 0
    let product = JoinRun.Product.retry(outcomes: outcomes, allFailed: allFailed)
    let account = try JoinRun(join, product).run { bytes, ends in
      var start = 0
      for end in ends {
        let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        start = end
        if !leavesOut.isEmpty, leavesOut.contains(Array(line.dropLast())) { continue }
        try take(line)
        requests += 1
      }
    }
    return (requests, account)
  }
}
