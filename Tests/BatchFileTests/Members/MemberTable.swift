import BatchFile
import Testing

/// All members of one object of a body, as the API's documents have them. Each member is given every value that it must
/// accept and values that it must refuse, is left out and is set to null; a member that no document names is added.
///
/// The tables were written from the documents (see Sources.swift) and not from the tables in Providers.
struct MemberTable: Sendable, CustomTestStringConvertible {
  /// What becomes of members that no document names.
  enum Others { case refused, warned, silent }

  /// The object's path, as findings name it.
  var path: String
  /// A body with `…` in place of the object.
  var template: String
  var others: Others
  /// What is found in every body, because of what is around the members.
  var always: [Found]
  var members: [Member]
  /// The member that no document names.
  var unknownName: String
  var unknownValue: String

  /// - Parameter rows: one ``Member`` a line. A line that begins with a blank belongs to the line before it.
  init(
    _ path: String, in template: String = "…", others: Others, unknownName: String = "zz", unknownValue: String = "1",
    always: Found...,
    rows: String
  ) {
    self.path = path
    self.template = template
    self.others = others
    self.unknownName = unknownName
    self.unknownValue = unknownValue
    self.always = always
    members = MemberTable.joined(rows).map { Member(row: $0) }
  }

  private static func joined(_ rows: String) -> [String] {
    rows.split(separator: "\n").reduce(into: []) { rows, line in
      if line.first != " " {
        rows.append(String(line))
      } else if rows.last?.last == "|" {
        rows[rows.count - 1] += line.drop { $0 == " " }
      } else {
        rows[rows.count - 1] += line
      }
    }
  }

  var testDescription: String { "\(path) in \(template)" }

  // MARK: Cases

  struct Case: Sendable {
    var body: String
    var found: [Found]
    /// Whether there may be other findings.
    var mayFindMore = false
    /// A body that differs in one value only, which has the same type and is accepted.
    var like: String?
  }

  var cases: [Case] {
    [body(), body(all: true), body(adding: (unknownName, unknownValue), finds: unknown)]
      + members.flatMap { member in
        accepted(member) + refused(member) + [nullCase(member), missing(member)].compactMap { $0 }
      }
  }

  private var unknown: [Found] {
    switch others {
    case .refused: [.error(.unknownParameter, "\(path).\(unknownName)")]
    case .warned: [.warning(.unknownParameter, "\(path).\(unknownName)")]
    case .silent: []
    }
  }

  private func accepted(_ member: Member) -> [Case] {
    member.accepts.map { body(member, $0, finds: use(member)) }
  }

  private func refused(_ member: Member) -> [Case] {
    let place = "\(path).\(member.name)"
    func error(_ value: String, _ code: Code, _ path: String) -> Case {
      body(member, value, finds: use(member) + [.error(code, place + path)])
    }
    return member.type.wrongTypes.map { error($0.value, .invalidType, $0.path) }
      + member.type.wrongValues.map { error($0.value, $0.code, $0.path) } + tooLong(member)
      + member.finds.map { value, code, severity in
        body(member, value, finds: use(member) + [Found(severity: severity, code: code, param: place)])
      }
  }

  /// Elements that come too often may be a fault of their own.
  private func tooLong(_ member: Member) -> [Case] {
    guard let array = member.tooLong else { return [] }
    var one = body(member, array, finds: [.error(.arrayAboveMaxLength, "\(path).\(member.name)")])
    one.mayFindMore = true
    return [one]
  }

  private func nullCase(_ member: Member) -> Case? {
    if member.isCentral, member.missing == nil { return nil }
    let place = "\(path).\(member.name)"
    let found: [Found] =
      switch member.null {
      case .accepted: []
      case .doubtful: [.warning(.doubtfulValue, place)]
      case .refused where member.type.kinds.contains(.any): []
      case .refused: [.error((member.isMissingIfNull ? member.missing : nil) ?? .invalidType, place)]
      }
    return body(member, "null", finds: found)
  }

  private func missing(_ member: Member) -> Case? {
    if !member.isPresent || member.isCentral && member.missing == nil { return nil }
    return body(member, nil, finds: member.missing.map { [.error($0, "\(path).\(member.name)")] } ?? [])
  }

  private func use(_ member: Member) -> [Found] {
    member.use.map { [.warning($0, "\(path).\(member.name)")] } ?? []
  }

  // MARK: Bodies

  /// - Parameters:
  ///   - changed: the member that gets `value`; nil leaves the member out.
  ///   - finds: what is found because of `value`.
  private func body(_ changed: Member, _ value: String?, finds: [Found]) -> Case {
    let others = members.filter { $0.isPresent && $0.name != changed.name }.flatMap(use)
    func body(_ value: String?) -> Case {
      self.body(finds: others + finds) { $0.name == changed.name ? value : $0.isPresent ? $0.accepts[0] : nil }
    }
    var one = body(value)
    // Of the same type, as far as the first character shows it: a digit, a quote or a bracket.
    let like = changed.accepts.first { good in
      guard let a = good.first, let b = value?.first, good != value else { return false }
      return a == b || a.isNumber && b.isNumber
    }
    one.like = like.map { body($0).body }
    if changed.isCentral, value.map(changed.accepts.contains) != true {
      one.found = finds
      one.mayFindMore = true
    }
    return one
  }

  /// - Parameter all: whether all members are there, and not only those that every body has.
  private func body(
    all: Bool = false, adding more: (name: String, value: String)? = nil, finds: [Found] = []
  ) -> Case {
    let given = members.filter { $0.isPresent || (all && !$0.accepts.isEmpty) }
    return body(finds: finds + given.flatMap(use), adding: more) { all || $0.isPresent ? $0.accepts.first : nil }
  }

  private func body(
    finds: [Found], adding more: (name: String, value: String)? = nil, value: (Member) -> String?
  ) -> Case {
    let written = members.compactMap { member in value(member).map { (member.name, $0) } } + (more.map { [$0] } ?? [])
    let object = "{" + written.map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",") + "}"
    return Case(body: template.replacingOccurrences(of: "…", with: object), found: always + finds)
  }

  // MARK: Tests

  /// Expects the findings of every body in a file with all others, and of every body with a fault in a file of bodies
  /// that are like it and have none, from which the checker has learned their form.
  func expect(url: String, checker: BatchChecker, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let all = try Check.findings(bodies: cases.map(\.body), url: url, checker: checker)
    for (one, findings) in zip(cases, all) { MemberTable.expect(findings, of: one, sourceLocation) }
    for (like, cases) in Dictionary(grouping: cases.filter { $0.like != nil }, by: { $0.like ?? "" }) {
      let bodies = cases.flatMap { [like, like, like, $0.body] }
      let found = try Check.findings(bodies: bodies, url: url, checker: checker)
      for (k, one) in cases.enumerated() { MemberTable.expect(found[4 * k + 3], of: one, sourceLocation) }
    }
  }

  private static func expect(_ findings: [Finding], of one: Case, _ sourceLocation: SourceLocation) {
    let got = findings.map(Found.init)
    let body = Comment(rawValue: one.body.count <= 400 ? one.body : "\(one.body.prefix(400))…")
    if one.mayFindMore {
      #expect(one.found.allSatisfy(got.contains), "\(got), not \(one.found): \(body)", sourceLocation: sourceLocation)
    } else {
      let (got, wanted) = (got.map(\.description).sorted(), one.found.map(\.description).sorted())
      #expect(got == wanted, body, sourceLocation: sourceLocation)
    }
  }
}
