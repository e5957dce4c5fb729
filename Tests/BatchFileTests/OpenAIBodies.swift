import BatchFile
import Foundation
import Testing

/// Bodies for one of OpenAI's urls, and the findings expected in each. They were written from notes on OpenAI's API
/// (see OpenAIChat.swift for their sources) and not from the tables that are tested.
struct OpenAIBodies: Sendable, CustomTestStringConvertible {
  var name: String
  var url = "/v1/chat/completions"
  var cases: [BodyCase]

  var testDescription: String { "\(url) \(name)" }

  /// A checker with one thread, so that all lines meet the same patterns and objects of earlier lines. Bodies with
  /// different models are in one file.
  static let checker: BatchChecker = {
    var checker = BatchChecker(provider: .openai)
    checker.provider.oneModelPerFile = false
    checker.jobs = 1
    return checker
  }()

  static let chat = "gpt-4.1-mini"
  static let hi = #""messages":[{"role":"user","content":"Hi"}]"#

  /// A chat completion's body.
  static func chat(_ members: String, model: String = chat, messages: String? = nil) -> String {
    let messages = messages.map { #""messages":[\#($0)]"# } ?? hi
    return #"{"model":"\#(model)",\#(messages)\#(members.isEmpty ? "" : "," + members)}"#
  }

  /// Several values of one member of a chat completion. In `with`, `…` stands for the value.
  static func member(
    _ name: String, model: String = chat, with: String? = nil, accepts: [String] = [],
    finds: KeyValuePairs<String, [Found]> = [:]
  ) -> OpenAIBodies {
    OpenAIBodies(
      name: name,
      cases: BodyCase.cases(
        at: "body.\(name)", in: chat(with ?? #""\#(name)":…"#, model: model), accepts: accepts, finds: finds))
  }

  /// Expects the findings of every body, in a file of its own and in one file with all others: no line may hide the
  /// faults of another.
  func expect(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let all = cases + cases.reversed() + cases
    let lines = all.enumerated().map { k, one in
      #"{"custom_id":"r-\#(100_000 + k)","method":"POST","url":"\#(url)","body":\#(one.body)}"#
    }
    let found = Dictionary(
      grouping: try Check.findings(lines: lines, checker: OpenAIBodies.checker).filter { $0.code != .retiredModel },
      by: { $0.line ?? 0 })
    for (k, one) in all.enumerated() {
      #expect(
        (found[k + 1] ?? []).map(Found.init) == one.found, "\(one.testDescription)", sourceLocation: sourceLocation)
    }
  }
}

extension Found {
  static let type: [Found] = [.error(.invalidType)]
  static let value: [Found] = [.error(.invalidValue)]
  static let doubt: [Found] = [.warning(.doubtfulValue)]
  static let decimalAbove: [Found] = [.error(.decimalAboveMaxValue)]
  static let decimalBelow: [Found] = [.error(.decimalBelowMinValue)]
  static let integerAbove: [Found] = [.error(.integerAboveMaxValue)]
  static let integerBelow: [Found] = [.error(.integerBelowMinValue)]
  static let request: [Found] = [.error(.invalidRequest)]
}
