import JSONLines

/// What was counted for one block of requests. Blocks are added up in order.
struct JoinTally {
  struct FailureKey: Hashable {
    var status: Int?
    var code: String?
  }

  /// There are two sums, because requests above a model's long-context step cost more.
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
  /// How many requests failed in each way, and the number of the first of them.
  var failures: [FailureKey: (count: Int, first: Int)] = [:]
  /// The tokens of each model, by the number of its name.
  private(set) var models: [Int: ModelTokens] = [:]
  /// The model that was counted last is kept apart from the others, because most requests name the same one.
  private var current = (model: 0, longAbove: 0, sums: ModelTokens())
  var repeated = Account.Repeated()
  /// The first requests with several answers.
  var repetitions: [Repetition] = []
  /// The indexes of the places that requests have taken.
  var used: [UInt32] = []
  /// The indexes of the places whose lines turned out not to be JSON.
  var broken: [UInt32] = []
  /// Whether any answer has the model of its request.
  var hasFittingModel = false
  var otherModel: Account.OtherModel?
  var requestsWithoutURL = 0
  /// How many requests have no good answer and may get one at another time.
  var worthRetrying = 0

  static let mostRepetitions = 3

  mutating func count(_ found: FoundAnswer, of request: JoinRequest) {
    requests += 1
    outcomes[found.outcome.index] += 1
    if !found.outcome.isGood, RetryFile.usualOutcomes.contains(found.outcome),
      found.outcome != .failed || found.mayPass
    {
      worthRetrying += 1
    }
    if !request.place.hasURL { requestsWithoutURL += 1 }
    if found.outcome == .failed {
      countFailure(status: found.status, code: found.error?.code.text, request: request.number)
    }
  }

  private mutating func countFailure(status: Int?, code: String?, request: Int) {
    let key = FailureKey(status: status, code: code.map { String($0.unicodeScalars.prefix(100).map(Character.init)) })
    failures[key, default: (0, request)].count += 1
  }

  /// - Parameters:
  ///   - model: the number of the model's name, from 1.
  ///   - longAbove: the number of input tokens above which a request costs more.
  mutating func count(_ tokens: TokenCounts, model: Int, longAbove: @autoclosure () -> Int) {
    if model != current.model {
      addCurrent()
      current = (model, longAbove(), ModelTokens())
    }
    current.sums.answers += 1
    if tokens.input > current.longAbove {
      current.sums.long = current.sums.long + tokens
    } else {
      current.sums.tokens = current.sums.tokens + tokens
    }
  }

  private mutating func addCurrent() {
    if current.sums.answers > 0 { add(current.sums, to: current.model) }
  }

  private mutating func add(_ sums: ModelTokens, to model: Int) {
    var all = models[model] ?? ModelTokens()
    all.answers += sums.answers
    all.tokens = all.tokens + sums.tokens
    all.long = all.long + sums.long
    models[model] = all
  }

  mutating func add(_ block: JoinTally) {
    requests += block.requests
    for k in outcomes.indices { outcomes[k] += block.outcomes[k] }
    for (key, value) in block.failures {
      let known = failures[key]
      failures[key] = ((known?.count ?? 0) + value.count, known?.first ?? value.first)
    }
    for (model, sums) in block.models { add(sums, to: model) }
    if block.current.sums.answers > 0 { add(block.current.sums, to: block.current.model) }
    repeated.same += block.repeated.same
    repeated.different += block.repeated.different
    repetitions += block.repetitions.prefix(max(0, JoinTally.mostRepetitions - repetitions.count))
    hasFittingModel = hasFittingModel || block.hasFittingModel
    otherModel = otherModel ?? block.otherModel
    requestsWithoutURL += block.requestsWithoutURL
    worthRetrying += block.worthRetrying
  }

  /// The account, without what is known only of the files.
  /// - Parameter lines: the numbers of the requests' lines.
  func account(_ prices: PriceTable, _ names: ModelNames, _ lines: LineNumbers) -> Account {
    var account = Account()
    account.requests = requests
    for outcome in Outcome.allCases where outcomes[outcome.index] > 0 {
      account.outcomes[outcome] = outcomes[outcome.index]
    }
    account.failures = failures.map {
      Account.Failure(
        status: $0.key.status, code: $0.key.code, count: $0.value.count, firstLine: lines.line(of: $0.value.first))
    }.sorted { ($1.count, $0.firstLine, $0.name) < ($0.count, $1.firstLine, $1.name) }
    account.models = models.map { model, sums in
      let name = names[model].text
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
