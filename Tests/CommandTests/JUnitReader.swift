import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads a JUnit report as a reader of XML does.
final class JUnitReader: NSObject, XMLParserDelegate {
  struct Case {
    var attributes: [String: String]
    var failure: [String: String]?
    /// The attributes of an `error` element: why the test could not be made; nil without one.
    var error: [String: String]?
    /// Whether the case was skipped.
    var isSkipped = false
    var text = ""
  }

  struct Suite {
    var attributes: [String: String]
    var cases: [Case] = []
    /// The text of `system-out`.
    var output = ""
  }

  private var suites: [Suite] = []
  private var path: [String] = []

  static func read(_ text: String) throws -> [Suite] {
    let reader = JUnitReader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
    return reader.suites
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    path.append(name)
    switch path {
    case ["testsuites"]: break
    case ["testsuites", "testsuite"]: suites.append(Suite(attributes: attributes))
    case ["testsuites", "testsuite", "testcase"]: suites[suites.count - 1].cases.append(Case(attributes: attributes))
    case ["testsuites", "testsuite", "testcase", "failure"]: change { $0.failure = attributes }
    case ["testsuites", "testsuite", "testcase", "error"]: change { $0.error = attributes }
    case ["testsuites", "testsuite", "testcase", "skipped"]: change { $0.isSkipped = true }
    case ["testsuites", "testsuite", "system-out"]: break
    default: Issue.record("no place for \(path)")
    }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    path.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    switch path.last {
    case "failure": change { $0.text += text }
    case "system-out": suites[suites.count - 1].output += text
    default: break
    }
  }

  private func change(_ body: (inout Case) -> Void) {
    let last = suites.count - 1
    body(&suites[last].cases[suites[last].cases.count - 1])
  }
}
