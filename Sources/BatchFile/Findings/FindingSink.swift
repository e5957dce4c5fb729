/// Takes findings in the order of their lines.
package protocol FindingSink: AnyObject {
  /// A pass over the file begins. Findings taken in an earlier pass are dropped, since the file is read again from its
  /// beginning.
  func begin()
  func take(_ findings: [Finding])
}
