import JSONLines

/// The outcomes of all requests of a join, in numbers that add up to the number of requests.
///
///     let account = try ResultJoin(requests: "requests.jsonl", results: ["output.jsonl", "errors.jsonl"]).account()
///     for (outcome, count) in account.outcomes { print(outcome, count) }
///     for model in account.models { print(model.name, model.tokens.input, model.tokens.output, model.cost ?? 0) }
///     print(account.good, "of", account.requests, "have an answer;", account.worthRetrying, "may get one yet")
///     print(account.json)
public struct Account: Hashable, Sendable {
  /// How many requests failed with the same status and code.
  public struct Failure: Hashable, Sendable {
    /// The HTTP status; nil where the results have none.
    public var status: Int?
    /// The API's code for the error; nil where the results have none.
    public var code: String?
    public var count: Int
    /// The line of the first of these requests in their file, counted from 1.
    public var firstLine: Int
  }

  /// The answers of one model.
  public struct Model: Hashable, Sendable {
    /// The model's name, as the requests have it.
    public var name: String
    /// How many answers report their tokens.
    public var answers: Int
    public var tokens: TokenCounts
    /// The cost of the tokens in US dollars; nil where no price is known.
    public var cost: Double?
    /// The price that ``cost`` was computed with.
    public var price: Price?
  }

  /// How many requests have several answers of the same attempt.
  public struct Repeated: Hashable, Sendable {
    /// Requests whose answers are equal except for ids and times.
    public var same = 0
    /// Requests whose answers differ.
    public var different = 0
  }

  /// The faults of one result file.
  public struct ResultFileFaults: Hashable, Sendable {
    public var path: Path
    /// How many lines cannot be read, or have no `custom_id`.
    public var unreadable = 0
    /// How many lines have a `custom_id` that no request has.
    public var strangers = 0
    /// The first of these lines, for people: `out.jsonl:3: …`.
    public var examples: [String] = []
    /// What the file seems to be instead of a result file; nil where that is not recognised.
    public var kind: String?
  }

  public var requests = 0
  /// How many requests have each outcome. Outcomes that no request has are not in it.
  public var outcomes: [Outcome: Int] = [:]
  /// The failures, the most frequent first.
  public var failures: [Failure] = []
  /// The models, the most expensive first.
  public var models: [Model] = []
  public var repeated = Repeated()
  /// For the first three requests with several answers: the places of the answer that was taken and of the first that
  /// was not.
  public var repeatedExamples: [String] = []
  /// The faults of the result files that have any.
  public var resultFiles: [ResultFileFaults] = []
  /// Set where no answer has the model of its request, so that the result files are probably those of another batch:
  /// the two models for the first answer.
  public var otherModel: OtherModel?
  /// How many requests have no url. Their answers are read as chat completions.
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

  /// How many requests ``RetryFile`` takes by default: failures that may pass, and requests that the API never
  /// processed.
  public var worthRetrying = 0

  public struct OtherModel: Hashable, Sendable {
    public var requested: String
    public var answered: String
  }

  public init() {}

  public subscript(outcome: Outcome) -> Int { outcomes[outcome] ?? 0 }

  /// How many requests have a good answer.
  public var good: Int { outcomes.reduce(0) { $0 + ($1.key.isGood ? $1.value : 0) } }

  /// The tokens of all models.
  public var tokens: TokenCounts { models.reduce(TokenCounts()) { $0 + $1.tokens } }

  /// The cost of all models in US dollars, without those that have no price; nil where none has one.
  public var cost: Double? {
    let known = models.compactMap(\.cost)
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  /// How many lines of all result files have a `custom_id` that no request has, and how many cannot be read.
  public var strangers: Int { resultFiles.reduce(0) { $0 + $1.strangers } }
  public var unreadable: Int { resultFiles.reduce(0) { $0 + $1.unreadable } }
}
