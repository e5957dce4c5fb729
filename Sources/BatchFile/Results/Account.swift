import JSONLines

/// What became of all requests of a join, in numbers that add up to the requests.
public struct Account: Hashable, Sendable {
  /// Requests that ended the same way, by status and code.
  public struct Failure: Hashable, Sendable {
    /// The HTTP status; nil where there was none.
    public var status: Int?
    /// The API's code for it; nil where there was none.
    public var code: String?
    public var count: Int
    /// The line of the first of them in the requests' file, counted from 1.
    public var firstLine: Int
  }

  /// One model's share.
  public struct Model: Hashable, Sendable {
    /// As the requests name it.
    public var name: String
    /// Answers with a usage.
    public var answers: Int
    public var tokens: TokenCounts
    /// In US dollars; nil where no price is known.
    public var cost: Double?
    /// The price that ``cost`` was made with.
    public var price: Price?
  }

  /// Requests with several answers of one attempt.
  public struct Repeated: Hashable, Sendable {
    /// Whose answers are equal but for ids and times.
    public var same = 0
    /// Whose answers differ.
    public var different = 0
  }

  /// What was wrong with a result file's lines.
  public struct ResultFileFaults: Hashable, Sendable {
    public var path: Path
    /// Lines that cannot be read, or that name no request.
    public var unreadable = 0
    /// Lines that belong to no request.
    public var strangers = 0
    /// The first of them, for people: `out.jsonl:3: …`
    public var examples: [String] = []
    /// What the file seems to be instead, where it is recognised.
    public var kind: String?
  }

  public var requests = 0
  /// How many requests ended each way; those that none ended in are missing.
  public var outcomes: [Outcome: Int] = [:]
  /// The most frequent first.
  public var failures: [Failure] = []
  /// The most expensive first.
  public var models: [Model] = []
  public var repeated = Repeated()
  /// Where an answer that was taken stands, and the first one that was not: for the first three requests with several.
  public var repeatedExamples: [String] = []
  /// Of the files with faults only.
  public var resultFiles: [ResultFileFaults] = []
  /// The models of the first answer whose model is another than its request's, where no answer's model fits: then the
  /// result files are probably another batch's.
  public var otherModel: OtherModel?
  /// Lines of the requests' file without a url: their answers were judged as chat completions.
  public var requestsWithoutURL = 0

  /// Lines that the API would not take, and that the join can do without mending.
  public struct OddLines: Hashable, Sendable {
    public var count = 0
    /// Counted from 1.
    public var firstLine = 0

    mutating func add(line: Int) { add(OddLines(count: 1, firstLine: line), lines: 0) }

    /// - Parameter lines: before those of `other`.
    mutating func add(_ other: OddLines, lines: Int) {
      if count == 0 { firstLine = other.firstLine + lines }
      count += other.count
    }
  }

  /// Lines of the requests' file that are blank, begin with a byte-order mark, or lack a method, a url or a body; `check`
  /// says what is wrong with them, and with others.
  public var oddLines = OddLines()

  /// Requests that ``RetryFile`` takes by default: failures that may pass, and requests that never had their turn.
  public var worthRetrying = 0

  public struct OtherModel: Hashable, Sendable {
    public var requested: String
    public var answered: String
  }

  public init() {}

  public subscript(outcome: Outcome) -> Int { outcomes[outcome] ?? 0 }

  /// Requests with a good answer.
  public var good: Int { outcomes.reduce(0) { $0 + ($1.key.isGood ? $1.value : 0) } }

  /// Of all models.
  public var tokens: TokenCounts { models.reduce(TokenCounts()) { $0 + $1.tokens } }

  /// In US dollars; nil where no model has a price. Models without one add nothing.
  public var cost: Double? {
    let known = models.compactMap(\.cost)
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  /// Lines of all result files that belong to no request, and those that cannot be read.
  public var strangers: Int { resultFiles.reduce(0) { $0 + $1.strangers } }
  public var unreadable: Int { resultFiles.reduce(0) { $0 + $1.unreadable } }
}
