import JSONLines

/// Finds the answers of requests, one after the other. Each thread has a finder of its own.
final class AnswerFinder {
  private let run: JoinRun
  /// The lines of requests and those of results are read by different fetchers, because each holds one line at a time.
  private let requestLines: LineFetcher
  private let answerLines: LineFetcher
  private let answers: AnswerReader
  private let document = JSONDocument()
  private let seed = TextHash.seed
  private var unescaped: [UInt8] = []

  init(_ run: JoinRun) {
    self.run = run
    requestLines = LineFetcher(run.files)
    answerLines = LineFetcher(run.files)
    answers = AnswerReader(run.join, run.models)
  }

  func request(_ number: Int) throws(JoinError) -> JoinRequest {
    let place = run.requestIndex[number]
    if let id = run.requestIndex.id(place) { return JoinRequest(number: number, place: place, id: id) }
    let line = place.line
    let bytes = try requestLines.fetch(
      line.offset + place.id.lowerBound..<line.offset + place.id.upperBound, of: line.file)
    let id = SpeltText(bytes, 0..<bytes.count, isEscaped: place.isIDEscaped)
    try expectUnchanged(id, place)
    return JoinRequest(number: number, place: place, id: id)
  }

  /// The line of a request, valid until the next one is read.
  func line(of request: JoinRequest) throws(JoinError) -> PaddedBytes {
    let line = try requestLines.fetch(request.place.line)
    try expectUnchanged(SpeltText(line, request.place.id, isEscaped: request.place.isIDEscaped), request.place)
    return line
  }

  private func expectUnchanged(_ id: SpeltText, _ place: RequestPlace) throws(JoinError) {
    guard hash(id) == place.hash else { throw JoinError.changed(path: run.files[place.line.file].path) }
  }

  private func hash(_ id: SpeltText) -> UInt64 {
    if !id.isEscaped { return TextHash.hash(id.spelling, seed: seed) }
    unescaped.removeAll(keepingCapacity: true)
    id.appendText(to: &unescaped)
    return unescaped.withUnsafeBytes { TextHash.hash($0, seed: seed) }
  }

  /// - Parameters:
  ///   - last: the number of the last request of the block. Lines up to its answer are read ahead.
  ///   - tally: counts the answer.
  ///   - found: becomes the answer.
  func find(
    _ request: JoinRequest, last: Int, _ tally: inout JoinTally, into found: inout FoundAnswer
  ) throws(JoinError) {
    try search(request, last, &tally, &found)
    tally.count(found, of: request)
  }

  private func search(
    _ request: JoinRequest, _ last: Int, _ tally: inout JoinTally, _ found: inout FoundAnswer
  ) throws(JoinError) {
    let holder = run.requestIndex.holder(of: request.number)
    let first = Int(holder == request.number ? request.place.answer : run.requestIndex[holder].answer) - 1
    guard first >= 0 else { return found.become(run.join.unanswered) }
    let place = run.answers[first]
    guard run.answers.next(after: first) == nil, case .results = run.files[place.file].role else {
      found = try chooseAmongSeveral(first, request, &tally)
      return
    }
    // Nearly always there is only one result line for a request.
    let line = try answerLines.fetch(place, ahead: run.placesOfAnswers(after: request.number, upTo: last))
    if !answers.read(line, at: first, for: request, &tally, into: &found) { found.become(run.join.unanswered) }
  }

  // MARK: - Several lines

  /// What is known of an answer while others of the same request are read. It does not hold the line, because another
  /// line is read into the same memory.
  private struct Candidate {
    var place: Int
    var attempt: Int
    var isGood: Bool
    var outcome: Outcome
    var essence: [UInt8]

    /// A good answer is better than another one, then a later attempt than an earlier one, then the first in the files.
    func isBetter(than other: Candidate) -> Bool {
      if isGood != other.isGood { return isGood }
      return attempt > other.attempt
    }
  }

  private func chooseAmongSeveral(
    _ first: Int, _ request: JoinRequest, _ tally: inout JoinTally
  ) throws(JoinError) -> FoundAnswer {
    var best: Candidate?
    var rival: (place: Int, isSame: Bool)?
    var isPending = false
    var isUnsent = false
    /// The best answer of each attempt, since each attempt is paid for.
    var taken: [Int: Candidate] = [:]
    var next: Int? = first
    while let k = next {
      next = run.answers.next(after: k)
      let place = run.answers[k]
      switch run.files[place.file].role {
      case .requests: break
      case .pending: if !isPending { isPending = try isRequest(place, request.id) }
      case .unsent: if !isUnsent { isUnsent = try isRequest(place, request.id) }
      case .results(let attempt):
        guard let result = try read(k, &tally), request.id.isSame(as: result.customID) else { continue }
        tally.used.append(UInt32(k))
        let answer = Answer(result, request.place.kind)
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
    // The lines are read again, because other lines were read into the same memory since.
    for (_, candidate) in taken where candidate.place != best?.place {
      if let result = try read(candidate.place, &tally) { answers.count(result, request, &tally) }
    }
    if let rival, let best {
      if rival.isSame { tally.repeated.same += 1 } else { tally.repeated.different += 1 }
      if tally.repetitions.count < JoinTally.mostRepetitions {
        tally.repetitions.append(JoinTally.Repetition(id: request.id.text, taken: best.place, other: rival.place))
      }
    }
    guard let best, let result = try read(best.place, &tally) else {
      return FoundAnswer(isPending ? .pending : isUnsent ? .cancelled : run.join.unanswered)
    }
    answers.count(result, request, &tally)
    // The request is being tried again, so an earlier failure is not its outcome yet.
    if isPending, !best.isGood { return FoundAnswer(.pending) }
    return answers.found(Answer(result, request.place.kind), result, request, &tally)
  }

  private func read(_ index: Int, _ tally: inout JoinTally) throws(JoinError) -> BatchResult? {
    answers.read(try answerLines.fetch(run.answers[index]), index, &tally)
  }

  /// The part of a result that is compared to find out whether two answers are the same. Ids and times always differ.
  private static func essence(of result: BatchResult) -> [UInt8] {
    guard let value = result.body.flatMap({ $0["choices"] ?? $0["output"] ?? $0["data"] }) else { return [] }
    return Array(value.bytes.buffer(value.range))
  }

  private func isRequest(_ place: LinePlace, _ id: SpeltText) throws(JoinError) -> Bool {
    let line = try answerLines.fetch(place)
    guard JSONScanner.scan(line, into: document) == nil, let own = document.root["custom_id"], own.kind == .string
    else { throw JoinError.changed(path: run.files[place.file].path) }
    return id.isSame(as: SpeltText(own))
  }
}
