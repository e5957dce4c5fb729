/// The version of this package.
package enum BatchFileVersion {
  package static let current = "0.1.0"
}
