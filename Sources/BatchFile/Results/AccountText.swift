import JSONLines

extension Account {
  /// The account as one line for people: `1,000 requests: 981 ok, 2 truncated, …; 512,331 + 90,114 tokens, $0.0327`.
  public var summary: String {
    var parts: [String] = []
    for outcome in Outcome.allCases where self[outcome] > 0 {
      var part = "\(Counted.number(self[outcome])) \(outcome.rawValue)"
      if outcome == .failed, !failures.isEmpty {
        var kinds = failures.prefix(3).map { "\(Counted.number($0.count)) × \($0.name)" }
        if failures.count > 3 { kinds.append("\(Counted.number(failures.count - 3)) more kinds") }
        part += " (\(kinds.joined(separator: ", ")))"
      }
      parts.append(part)
    }
    var text = "\(Counted.of(requests, "request")): \(parts.isEmpty ? "nothing" : parts.joined(separator: ", "))"
    let tokens = tokens
    if tokens.input > 0 || tokens.output > 0 {
      text += "; \(Counted.number(tokens.input)) + \(Counted.number(tokens.output)) tokens"
    }
    if let cost { text += ", \(Account.dollars(cost))" }
    return text
  }

  /// Further lines for people: failures with their first lines, models, and what is unusual about the files.
  package var details: [String] {
    var lines: [String] = []
    for failure in failures.prefix(10) {
      lines.append("failed: \(Counted.number(failure.count)) × \(failure.name), first on line \(failure.firstLine)")
    }
    if self[.truncated] > 0 {
      let cut = self[.truncated]
      lines.append(
        "truncated: \(Counted.of(cut, "answer")) \(cut == 1 ? "was" : "were") cut at the limit of output and \(cut == 1 ? "counts" : "count") as good"
      )
    }
    if models.count > 1 || models.contains(where: { $0.cost == nil || $0.tokens.cached > 0 || $0.tokens.reasoning > 0 })
    {
      for model in models.prefix(10) { lines.append(model.line) }
    }
    if let price = models.compactMap(\.price).max(by: { $0.date < $1.date }), !price.date.isEmpty {
      lines.append("prices of \(price.date), \(price.source)")
    }
    if repeated.same + repeated.different > 0 {
      lines.append(
        "\(Counted.of(repeated.same + repeated.different, "request")) with several answers: \(Counted.number(repeated.same)) the same, "
          + "\(Counted.number(repeated.different)) different")
      lines += repeatedExamples
    }
    for file in resultFiles {
      if let kind = file.kind { lines.append("\(file.path) \(kind)") }
      if file.unreadable > 0 {
        lines.append(
          "\(file.path): \(Counted.of(file.unreadable, "line")) cannot be read or \(file.unreadable == 1 ? "names" : "name") no request"
        )
      }
      if file.strangers > 0 {
        lines.append(
          "\(file.path): \(Counted.of(file.strangers, "line")) \(file.strangers == 1 ? "belongs" : "belong") to no request"
        )
      }
      lines += file.examples
    }
    if let otherModel {
      lines.append(
        "warning: the requests are for '\(Words.cut(otherModel.requested))' and the answers are from '\(Words.cut(otherModel.answered))'; "
          + "are these the results of these requests?")
    }
    if oddLines.count > 0 {
      lines.append(
        "the requests: \(Counted.of(oddLines.count, "line")) that the API would not take; the first is line "
          + Counted.number(oddLines.firstLine))
    }
    if requestsWithoutURL > 0 {
      lines.append(
        "warning: \(Counted.of(requestsWithoutURL, "request")) without a url, read as chat completions")
    }
    return lines
  }

  /// The account as a JSON object on one line. Its members are those of this type in snake case. `usd` is null where no
  /// price is known, and `outcomes` has every outcome.
  public var json: String {
    var out = JSONObjectText()
    out.add("requests", requests)
    out.add("good", good)
    out.add("worth_retrying", worthRetrying)
    out.add("outcomes", raw: JSONObjectText.of(Outcome.allCases.map { ($0.rawValue, .number(self[$0])) }))
    out.add(
      "failures",
      list: failures.map {
        JSONObjectText.of([
          ("status", $0.status.map { .number($0) } ?? .null), ("code", $0.code.map { .text($0) } ?? .null),
          ("count", .number($0.count)), ("first_line", .number($0.firstLine)),
        ])
      })
    out.add("tokens", raw: tokens.json)
    out.add("usd", cost.map { .decimal($0) } ?? .null)
    out.add(
      "models",
      list: models.map { model in
        JSONObjectText.of([
          ("model", .text(model.name)), ("answers", .number(model.answers)), ("tokens", .raw(model.tokens.json)),
          ("usd", model.cost.map { .decimal($0) } ?? .null), ("price", model.price.map { .raw($0.json) } ?? .null),
        ])
      })
    out.add(
      "repeated",
      raw: JSONObjectText.of([("same", .number(repeated.same)), ("different", .number(repeated.different))]))
    out.add(
      "result_files",
      list: resultFiles.map {
        JSONObjectText.of([
          ("path", .text($0.path.description)), ("unreadable", .number($0.unreadable)),
          ("strangers", .number($0.strangers)),
          ("kind", $0.kind.map { .text($0) } ?? .null),
        ])
      })
    out.add(
      "odd_lines",
      raw: JSONObjectText.of([
        ("count", .number(oddLines.count)), ("first_line", oddLines.count > 0 ? .number(oddLines.firstLine) : .null),
      ]))
    return out.text
  }

  /// An amount in US dollars with three significant digits, or with cents where that is more: $0.0327, $12.40.
  package static func dollars(_ value: Double) -> String {
    if value == 0 { return "$0" }
    var places = 2
    var scaled = value * 100
    while scaled < 100, places < 8 {
      scaled *= 10
      places += 1
    }
    var unit = 1.0
    for _ in 0..<places { unit *= 10 }
    guard value * unit < 9e15 else { return "$\(value)" }
    let whole = Int((value * unit).rounded())
    let one = Int(unit)
    let digits = String(whole % one)
    var fraction = String(repeating: "0", count: places - digits.count) + digits
    while fraction.count > 2, fraction.hasSuffix("0") { fraction.removeLast() }
    return "$\(Counted.number(whole / one)).\(fraction)"
  }
}

extension Account.Failure {
  /// The status and the code: `429 rate_limit_exceeded`.
  var name: String {
    let status = status.map { String($0) }
    if let code, code != status { return [status, Words.cut(code)].compactMap { $0 }.joined(separator: " ") }
    return status ?? "no status"
  }
}

extension Account.Model {
  fileprivate var line: String {
    var text = "\(Words.cut(name)): \(Counted.number(tokens.input)) + \(Counted.number(tokens.output)) tokens"
    var parts: [String] = []
    if tokens.cached > 0 { parts.append("\(Counted.number(tokens.cached)) of them cached") }
    if tokens.reasoning > 0 { parts.append("\(Counted.number(tokens.reasoning)) of reasoning") }
    if !parts.isEmpty { text += " (\(parts.joined(separator: ", ")))" }
    return text + (cost.map { ", \(Account.dollars($0))" } ?? ", no price known")
  }
}

extension TokenCounts {
  fileprivate var json: String {
    JSONObjectText.of([
      ("input", .number(input)), ("cached", .number(cached)), ("output", .number(output)),
      ("reasoning", .number(reasoning)),
    ])
  }
}

extension Price {
  fileprivate var json: String {
    JSONObjectText.of([
      ("input", .decimal(input)), ("cached", cached.map { .decimal($0) } ?? .null), ("output", .decimal(output)),
      ("date", .text(date)), ("source", .text(source)),
    ])
  }
}

/// A JSON object with its members in the order they were added.
struct JSONObjectText {
  enum Value {
    case null
    case number(Int)
    case decimal(Double)
    case text(String)
    case raw(String)
  }

  private var members: [String] = []

  var text: String { "{" + members.joined(separator: ",") + "}" }

  static func of(_ members: [(String, Value)]) -> String {
    var object = JSONObjectText()
    for (name, value) in members { object.add(name, value) }
    return object.text
  }

  mutating func add(_ name: String, _ value: Value) { members.append("\(quoted(name)):\(written(value))") }
  mutating func add(_ name: String, _ value: Int) { add(name, .number(value)) }
  mutating func add(_ name: String, raw value: String) { add(name, .raw(value)) }
  mutating func add(_ name: String, list values: [String]) { add(name, .raw("[\(values.joined(separator: ","))]")) }

  private func written(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .number(let number): String(number)
    case .decimal(let number): number.isFinite ? "\(number)" : "null"
    case .text(let text): quoted(text)
    case .raw(let text): text
    }
  }

  private func quoted(_ text: String) -> String {
    var out: [UInt8] = []
    TerminalText.appendJSONString(text, to: &out)
    return String(decoding: out, as: UTF8.self)
  }
}
