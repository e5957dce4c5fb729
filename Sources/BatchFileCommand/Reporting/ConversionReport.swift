import BatchFile

/// Reports the findings of a conversion, in the format `concise`.
final class ConversionReport: ConversionSink {
  private let report: any Report
  private var isOpen = false
  private(set) var hasErrors = false

  init(_ out: any ByteSink, style: ReportStyle) {
    report = ReportFormat.concise.makeReport(out, style)
  }

  func begin(_ name: String) {
    end()
    report.begin(file: name)
    isOpen = true
  }

  func take(_ finding: Finding, input: String) {
    if finding.severity == .error { hasErrors = true }
    report.take(Advice.added(to: finding, .convert))
  }

  func end() {
    if isOpen { report.end(CheckSummary(), fileFindings: []) }
    isOpen = false
  }
}

/// Standard error as the output of a report.
final class ErrorOutput: ByteSink {
  private let console: Console
  init(_ console: Console) { self.console = console }
  func write(_ bytes: UnsafeRawBufferPointer) { console.screen.write(String(decoding: bytes, as: UTF8.self)) }
  func fail(_ reason: InputError.Reason) { console.complain("the report is incomplete: \(reason)") }
}
