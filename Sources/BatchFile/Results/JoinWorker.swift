import JSONLines

/// A request of the block at hand.
struct JoinRequest {
  var id: JSONValue
  var kind: AnswerKind
  var hasURL: Bool
  var model: JSONValue?
  /// Counted from 1 in the block.
  var line: Int
}

extension JoinRequest {
  /// The request of a line; nil where it has no `custom_id`.
  init?(_ root: JSONValue, line: Int) {
    let envelope = Envelope(root)
    guard let id = envelope.customID, id.kind == .string else { return nil }
    self.id = id
    self.line = line
    kind = AnswerKind(url: envelope.url)
    hasURL = envelope.url?.kind == .string
    if let value = envelope.body?["model"], value.kind == .string { model = value }
  }
}

/// Finds the answer of one request after the other; each thread has its own.
final class AnswerFinder {
  /// What was found: views, valid until the next request.
  struct Found {
    var outcome: Outcome
    var answer: Answer?
    var result: BatchResult?
    /// Whether the same request may be answered at another time, by the API's words.
    var mayPass = true
  }

  private let files: [JoinFile]
  private let index: PlaceIndex
  private let fetcher: LineFetcher
  private let reader = ResultReader()
  private let document = JSONDocument()
  private let seed = TextHash.seed
  /// What a request without a result line came to.
  private let unanswered: Outcome
  private var unescaped: [UInt8] = []
  private var other: [UInt8] = []
  /// The model that was counted last: most requests of a file name the same.
  private var lastModel: (bytes: [UInt8], name: String, longAbove: Int)?
  private let prices: PriceTable

  init(_ files: [JoinFile], _ index: PlaceIndex, _ prices: PriceTable, unanswered: Outcome) {
    self.files = files
    self.index = index
    self.prices = prices
    self.unanswered = unanswered
    fetcher = LineFetcher(files)
  }

  /// - Parameter tally: what is found is counted there.
  func find(_ request: JoinRequest, _ tally: inout JoinTally) throws(JoinError) -> Found {
    let found = try search(request, &tally)
    tally.count(found.outcome)
    if RetryFile.usualOutcomes.contains(found.outcome), found.outcome != .failed || found.mayPass {
      tally.worthRetrying += 1
    }
    if !request.hasURL { tally.requestsWithoutURL += 1 }
    if found.outcome == .failed {
      tally.countFailure(status: found.result?.status, code: found.answer?.error?.code.text, line: request.line)
    }
    if !tally.hasFittingModel, found.outcome.isGood { compareModels(request, found.result, &tally) }
    return found
  }

  private func search(_ request: JoinRequest, _ tally: inout JoinTally) throws(JoinError) -> Found {
    let hash = TextHash.hash(ofText: request.id, seed: seed, &unescaped)
    guard let first = index.first(hash) else { return Found(outcome: unanswered) }
    let place = index[first]
    guard place.next != 0 || files[place.file].role == .pending || files[place.file].role == .unsent else {
      // One line for the request: nearly always.
      guard let result = try read(first, &tally), isSame(request.id, result.customID) else {
        return Found(outcome: unanswered)
      }
      tally.used.append(UInt32(first))
      count(result, request, &tally)
      return found(Answer(result, request.kind), result)
    }
    return try chooseAmongSeveral(first, request, &tally)
  }

  private func found(_ answer: Answer, _ result: BatchResult) -> Found {
    Found(
      outcome: answer.outcome, answer: answer, result: result, mayPass: Answer.mayPass(answer.error, result.status))
  }

  /// - Returns: nil where the line is no JSON, which is noted.
  private func read(_ index: Int, _ tally: inout JoinTally) throws(JoinError) -> BatchResult? {
    let result = reader.view(of: try fetcher.fetch(self.index[index]))
    if result == nil { tally.broken.append(UInt32(index)) }
    return result
  }

  // MARK: - Several lines

  /// An answer that is the best so far, without its line: another may be read before it is written.
  private struct Candidate {
    var place: Int
    var attempt: Int
    var isGood: Bool
    var outcome: Outcome
    var essence: [UInt8]

    /// Good before others, later attempts before earlier ones, else the one that stands first.
    func isBetter(than other: Candidate) -> Bool {
      if isGood != other.isGood { return isGood }
      return attempt > other.attempt
    }
  }

  private func chooseAmongSeveral(
    _ first: Int, _ request: JoinRequest, _ tally: inout JoinTally
  ) throws(JoinError) -> Found {
    var best: Candidate?
    var rival: (place: Int, isSame: Bool)?
    var isPending = false
    var isUnsent = false
    /// The answers that were taken of each attempt: each attempt is paid for.
    var taken: [Int: Candidate] = [:]
    var next: Int? = first
    while let k = next {
      next = index.next(after: k)
      let place = index[k]
      switch files[place.file].role {
      case .requests: break
      case .pending: if !isPending { isPending = try isRequest(place, request.id) }
      case .unsent: if !isUnsent { isUnsent = try isRequest(place, request.id) }
      case .results(let attempt):
        guard let result = try read(k, &tally), isSame(request.id, result.customID) else { continue }
        tally.used.append(UInt32(k))
        let answer = Answer(result, request.kind)
        let candidate = Candidate(
          place: k, attempt: attempt, isGood: answer.outcome.isGood, outcome: answer.outcome,
          essence: AnswerFinder.essence(of: result))
        if let known = taken[attempt] {
          let same = known.outcome == candidate.outcome && known.essence == candidate.essence
          rival = (rival?.place ?? k, (rival?.isSame ?? true) && same)
          if candidate.isBetter(than: known) {
            taken[attempt] = candidate
            rival?.place = known.place
          }
        } else {
          taken[attempt] = candidate
        }
        if best.map({ candidate.isBetter(than: $0) }) ?? true { best = candidate }
      }
    }
    // Read again: another line may have been read since.
    for (_, candidate) in taken where candidate.place != best?.place {
      if let result = try read(candidate.place, &tally) { count(result, request, &tally) }
    }
    if let rival, let best {
      if rival.isSame { tally.repeated.same += 1 } else { tally.repeated.different += 1 }
      if tally.repetitions.count < JoinTally.mostRepetitions {
        tally.repetitions.append(JoinTally.Repetition(id: request.id.text, taken: best.place, other: rival.place))
      }
    }
    guard let best, let result = try read(best.place, &tally) else {
      return Found(outcome: isPending ? .pending : isUnsent ? .cancelled : unanswered)
    }
    count(result, request, &tally)
    // Its turn comes again: what failed before is not the last word.
    if isPending, !best.isGood { return Found(outcome: .pending) }
    return found(Answer(result, request.kind), result)
  }

  /// What must be equal for two answers to be the same: ids and times differ even then.
  private static func essence(of result: BatchResult) -> [UInt8] {
    guard let value = result.body.flatMap({ $0["choices"] ?? $0["output"] ?? $0["data"] }) else { return [] }
    return Array(value.bytes.buffer(value.range))
  }

  private func isRequest(_ place: Place, _ id: JSONValue) throws(JoinError) -> Bool {
    let line = try fetcher.fetch(place)
    guard JSONScanner.scan(line, into: document) == nil, let own = document.root["custom_id"], own.kind == .string
    else { throw JoinError.changed(path: files[place.file].path) }
    return isSame(id, own)
  }

  /// Whether two strings have the same text, byte for byte.
  private func isSame(_ a: JSONValue, _ b: JSONValue?) -> Bool {
    guard let b else { return false }
    if !a.traits.contains(.escaped), !b.traits.contains(.escaped) {
      return a.bytes.buffer(a.contentRange).elementsEqual(b.bytes.buffer(b.contentRange))
    }
    unescaped.removeAll(keepingCapacity: true)
    other.removeAll(keepingCapacity: true)
    a.appendText(to: &unescaped)
    b.appendText(to: &other)
    return unescaped == other
  }

  // MARK: - Tokens and models

  private func count(_ result: BatchResult, _ request: JoinRequest, _ tally: inout JoinTally) {
    guard let usage = result.usage, let model = request.model ?? result.model else { return }
    let tokens = UsageView(usage).counts
    let known = name(of: model)
    let isLong = tokens.input > known.longAbove
    var sums = tally.models[known.name] ?? JoinTally.ModelTokens()
    sums.answers += 1
    if isLong { sums.long = sums.long + tokens } else { sums.tokens = sums.tokens + tokens }
    tally.models[known.name] = sums
  }

  private func name(of model: JSONValue) -> (name: String, longAbove: Int) {
    let bytes = model.bytes.buffer(model.range)
    if let last = lastModel, bytes.elementsEqual(last.bytes) { return (last.name, last.longAbove) }
    let name = String(model.text.unicodeScalars.prefix(200).map(Character.init))
    let longAbove = prices.price(of: name)?.longContext?.above ?? .max
    lastModel = (Array(bytes), name, longAbove)
    return (name, longAbove)
  }

  private func compareModels(_ request: JoinRequest, _ result: BatchResult?, _ tally: inout JoinTally) {
    guard let wanted = request.model, let own = result?.model else { return }
    let (a, b) = (Array(wanted.text.utf8), Array(own.text.utf8))
    if a.starts(with: b) || b.starts(with: a) {
      tally.hasFittingModel = true
    } else if tally.otherModel == nil {
      tally.otherModel = Account.OtherModel(requested: wanted.text, answered: own.text)
    }
  }
}
