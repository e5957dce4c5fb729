/// Receives the findings of a conversion.
package protocol ConversionSink: AnyObject {
  func take(_ finding: Finding, input: String)
}
