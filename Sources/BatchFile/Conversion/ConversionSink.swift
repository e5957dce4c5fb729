/// Takes what is found in records.
package protocol ConversionSink: AnyObject {
  func take(_ finding: Finding, input: String)
}
