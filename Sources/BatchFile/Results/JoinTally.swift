import JSONLines

/// What one block of requests came to; blocks are added up in order.
struct JoinTally {
  struct FailureKey: Hashable {
    var status: Int?
    var code: String?
  }

  /// Two sums: the requests above a model's long-context step cost more.
  struct ModelTokens {
    var answers = 0
    var tokens = TokenCounts()
    var long = TokenCounts()
  }

  struct Repetition {
    var id: String
    var taken: Int
    var other: Int
  }

  var requests = 0
  var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
  var failures: [FailureKey: (count: Int, line: Int)] = [:]
  var models: [String: ModelTokens] = [:]
  var repeated = Account.Repeated()
  /// The first of them.
  var repetitions: [Repetition] = []
  /// Indexes of the places that a request took.
  var used: [UInt32] = []
  /// Indexes of the places whose lines turned out to be no JSON.
  var broken: [UInt32] = []
  /// Whether any answer's model fits its request's.
  var hasFittingModel = false
  var otherModel: Account.OtherModel?
  var requestsWithoutURL = 0
  /// Requests without a good answer that may get one at another time.
  var worthRetrying = 0

  static let mostRepetitions = 3

  mutating func count(_ outcome: Outcome) {
    requests += 1
    outcomes[outcome.index] += 1
  }

  mutating func countFailure(status: Int?, code: String?, line: Int) {
    let key = FailureKey(status: status, code: code.map { String($0.unicodeScalars.prefix(100).map(Character.init)) })
    failures[key, default: (0, line)].count += 1
  }

  /// - Parameter lines: before this block.
  mutating func add(_ block: JoinTally, lines: Int) {
    requests += block.requests
    for k in outcomes.indices { outcomes[k] += block.outcomes[k] }
    for (key, value) in block.failures {
      let known = failures[key]
      failures[key] = ((known?.count ?? 0) + value.count, known?.line ?? value.line + lines)
    }
    for (name, value) in block.models {
      var sum = models[name] ?? ModelTokens()
      sum.answers += value.answers
      sum.tokens = sum.tokens + value.tokens
      sum.long = sum.long + value.long
      models[name] = sum
    }
    repeated.same += block.repeated.same
    repeated.different += block.repeated.different
    repetitions += block.repetitions.prefix(max(0, JoinTally.mostRepetitions - repetitions.count))
    hasFittingModel = hasFittingModel || block.hasFittingModel
    otherModel = otherModel ?? block.otherModel
    requestsWithoutURL += block.requestsWithoutURL
    worthRetrying += block.worthRetrying
  }

  /// The account, but for what only the files know.
  func account(_ prices: PriceTable) -> Account {
    var account = Account()
    account.requests = requests
    for outcome in Outcome.allCases where outcomes[outcome.index] > 0 {
      account.outcomes[outcome] = outcomes[outcome.index]
    }
    account.failures = failures.map {
      Account.Failure(status: $0.key.status, code: $0.key.code, count: $0.value.count, firstLine: $0.value.line)
    }.sorted { ($1.count, $0.firstLine, $0.name) < ($0.count, $1.firstLine, $1.name) }
    account.models = models.map { name, sums in
      let price = prices.price(of: name)
      return Account.Model(
        name: name, answers: sums.answers, tokens: sums.tokens + sums.long,
        cost: price.map { $0.cost(sums.tokens, isLong: false) + $0.cost(sums.long, isLong: true) }, price: price)
    }.sorted { ($1.cost ?? 0, $0.name) < ($0.cost ?? 0, $1.name) }
    account.repeated = repeated
    account.otherModel = hasFittingModel ? nil : otherModel
    account.requestsWithoutURL = requestsWithoutURL
    account.worthRetrying = worthRetrying
    return account
  }
}

extension Outcome {
  fileprivate var index: Int {
    switch self {
    case .ok: 0
    case .truncated: 1
    case .refused: 2
    case .failed: 3
    case .expired: 4
    case .cancelled: 5
    case .missing: 6
    case .pending: 7
    }
  }
}
