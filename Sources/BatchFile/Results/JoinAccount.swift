import JSONLines

extension JoinRun {
  /// The account of what was counted, with the places of faulty lines, which only the files show.
  func account(_ tally: JoinTally) -> Account {
    var account = tally.account(join.prices, models, lineNumbers)
    account.oddLines = oddLines
    account.repeatedExamples = tally.repetitions.map { repetition in
      "  '\(Words.cut(repetition.id))': \(position(repetition.taken)) taken, \(position(repetition.other)) not"
    }
    let faultsByLine = (resultFaults + brokenFaults()).sorted { $0.line < $1.line }
    let strangers = strangers()
    for (number, file) in files.enumerated() {
      guard case .results = file.role else { continue }
      var faults = Account.ResultFileFaults(path: file.path)
      faults.unreadable = resultFaultCounts[number]
      faults.examples = faultsByLine.filter { $0.file == number }.prefix(JoinRun.mostExamples).map {
        "  \(file.path):\($0.line): \($0.words)"
      }
      if let known = strangers[number] {
        faults.strangers = known.count
        let lines = file.lines(at: known.first.map(\.offset))
        faults.examples += zip(lines, known.first).map { line, place in
          "  \(file.path):\(line): '\(Words.cut(id(at: place)))' is no request's"
        }
      }
      if faults.unreadable > 0 { faults.kind = ForeignResults.kind(of: file) }
      if faults.unreadable + faults.strangers > 0 { account.resultFiles.append(faults) }
    }
    return account
  }

  /// The lines of each file whose id no request has: those whose hash no request has, and those whose hash is equal but
  /// whose text differs.
  private func strangers() -> [Int: (count: Int, first: [LinePlace])] {
    var all = strangersByHash
    for k in 0..<answers.count where !isUsed[k] {
      let place = answers[k]
      guard case .results = files[place.file].role else { continue }
      var known = all[place.file] ?? (0, [])
      known.count += 1
      known.first = Array((known.first + [place]).sorted { $0.offset < $1.offset }.prefix(JoinRun.mostExamples))
      all[place.file] = known
    }
    return all
  }

  private func brokenFaults() -> [PlaceScan.Fault] {
    let (fetcher, document) = (LineFetcher(files), JSONDocument())
    return withExtendedLifetime((fetcher, document)) {
      broken.flatMap { number, places in
        let places = places.sorted { $0.offset < $1.offset }
        return zip(files[number].lines(at: places.map(\.offset)), places).map { line, place in
          let text = try? fetcher.fetch(place)
          let reason = text.flatMap { JSONScanner.scan($0, into: document)?.reason }
          return PlaceScan.Fault(file: number, line: line, reason: .unreadable(reason ?? .cutShort))
        }
      }
    }
  }

  private func position(_ index: Int) -> String {
    let place = answers[index]
    let file = files[place.file]
    return "\(file.path):\(file.lines(at: [place.offset])[0])"
  }

  private func id(at place: LinePlace) -> String {
    let (fetcher, document) = (LineFetcher(files), JSONDocument())
    return withExtendedLifetime((fetcher, document)) {
      guard let line = try? fetcher.fetch(place) else { return "" }
      // A line that begins correctly and is not JSON further on still has an id.
      if let id = QuickID.find(line, from: 0) { return line.text(id) }
      return JSONScanner.scan(line, into: document) == nil ? document.root["custom_id"]?.text ?? "" : ""
    }
  }

  /// The places of the answers of the following requests, so that they can be read ahead.
  func placesOfAnswers(after request: Int, upTo last: Int) -> UpcomingAnswers {
    UpcomingAnswers(run: self, number: request, last: last)
  }
}

struct UpcomingAnswers: Sequence, IteratorProtocol {
  let run: JoinRun
  var number: Int
  let last: Int

  @inline(__always)
  mutating func next() -> LinePlace? {
    while number < last {
      number += 1
      let answer = Int(run.requestIndex[number].answer)
      if answer > 0 { return run.answers[answer - 1] }
    }
    return nil
  }
}
