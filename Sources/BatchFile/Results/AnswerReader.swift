import JSONLines

/// A request whose answer is looked for.
struct JoinRequest {
  var number: Int
  var place: RequestPlace
  /// The request's id, which is valid until the next request is read.
  var id: SpeltText
}

/// Reads the answers in lines of results, one after the other. Each thread has a reader of its own.
final class AnswerReader {
  private let reader = ResultReader()
  private let forms = LineForms<AnswerMeaning>()
  private let usesForms: Bool
  private let names: ModelNames
  private let models: RecentModels

  init(_ join: ResultJoin, _ names: ModelNames) {
    usesForms = join.usesForms
    self.names = names
    models = RecentModels(names)
  }

  /// Reads the only line of results that may have the answer to a request.
  ///
  /// - Parameters:
  ///   - index: the line's index in ``AnswerIndex``.
  ///   - found: becomes the answer.
  /// - Returns: false where the line is not JSON, which is noted, or has another id.
  func read(
    _ line: PaddedBytes, at index: Int, for request: JoinRequest, _ tally: inout JoinTally,
    into found: inout FoundAnswer
  ) -> Bool {
    guard read(line, for: request, &tally, into: &found, ifBroken: index) != nil else { return false }
    tally.used.append(UInt32(index))
    return true
  }

  /// Reads the line that `bytes` begins with.
  ///
  /// - Parameters:
  ///   - found: becomes the answer. It has some hundred bytes, and to return it would copy them several times.
  ///   - index: the line's index in ``AnswerIndex``, for the note that it is not JSON; nil for no note.
  /// - Returns: the line's length; nil where the line is not JSON or has another id.
  func read(
    _ line: PaddedBytes, for request: JoinRequest, _ tally: inout JoinTally, into found: inout FoundAnswer,
    ifBroken index: Int? = nil
  ) -> Int? {
    if usesForms, let (end, meaning) = forms.match(line), meaning.kind == request.place.kind {
      let fillings = forms.fillings
      guard meaning.text(meaning.id, line, fillings).isSame(as: request.id) else { return nil }
      let own = meaning.model.map { meaning.text($0, line, fillings) }
      if let tokens = meaning.tokens(line, fillings) { count(tokens, request, own, &tally) }
      if !tally.hasFittingModel { compareModels(request, own, &tally) }
      meaning.answer(line, fillings, into: &found)
      return end
    }
    let end = line.endOfLine(from: 0)
    guard let result = read(line.part(0..<end), index, &tally), request.id.isSame(as: result.customID) else {
      return nil
    }
    count(result, request, &tally)
    let answer = Answer(result, request.place.kind)
    if usesForms, answer.outcome.isGood {
      forms.learn { AnswerMeaning.learn(reader.root, result, answer, request.place.kind) }
    }
    found = self.found(answer, result, request, &tally)
    return end
  }

  /// Reads a line.
  /// - Returns: nil where the line is not JSON, which is noted where the line has an index.
  func read(_ line: PaddedBytes, _ index: Int?, _ tally: inout JoinTally) -> BatchResult? {
    let result = reader.view(of: line)
    if result == nil, let index { tally.broken.append(UInt32(index)) }
    return result
  }

  func found(
    _ answer: Answer, _ result: BatchResult, _ request: JoinRequest, _ tally: inout JoinTally
  ) -> FoundAnswer {
    if !tally.hasFittingModel, answer.outcome.isGood {
      compareModels(request, result.model.map(SpeltText.init), &tally)
    }
    return FoundAnswer(answer, result)
  }

  // MARK: - Tokens and models

  func count(_ result: BatchResult, _ request: JoinRequest, _ tally: inout JoinTally) {
    guard let usage = result.usage else { return }
    count(UsageView(usage).counts, request, result.model.map(SpeltText.init), &tally)
  }

  private func count(_ tokens: TokenCounts, _ request: JoinRequest, _ own: SpeltText?, _ tally: inout JoinTally) {
    var model = Int(request.place.model)
    if model == 0, let own { model = models.number(of: own) }
    if model > 0 { tally.count(tokens, model: model, longAbove: names[model].longAbove) }
  }

  private func compareModels(_ request: JoinRequest, _ own: SpeltText?, _ tally: inout JoinTally) {
    guard request.place.model > 0, let own else { return }
    let wanted = names[Int(request.place.model)].text
    let answered = names[models.number(of: own)].text
    let (a, b) = (Array(wanted.utf8), Array(answered.utf8))
    if a.starts(with: b) || b.starts(with: a) {
      tally.hasFittingModel = true
    } else if tally.otherModel == nil {
      tally.otherModel = Account.OtherModel(requested: wanted, answered: answered)
    }
  }
}
