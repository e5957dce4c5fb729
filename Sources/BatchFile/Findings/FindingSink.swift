/// Takes findings in the order of their lines.
package protocol FindingSink: AnyObject {
  /// A pass over the file begins: what an earlier one brought is void.
  func begin()
  func take(_ findings: [Finding])
}
