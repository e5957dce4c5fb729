import Foundation

/// A shape that is compiled when it is first needed. An API has many endpoints, a file mostly names only one of them,
/// and compiling a shape takes as long as checking 400 KB.
final class SchemaOnDemand: @unchecked Sendable {  // guarded by its lock
  private let lock = NSLock()
  let shape: @Sendable () -> Shape
  private var compiled: CompiledSchema?

  init(_ shape: @escaping @Sendable () -> Shape) { self.shape = shape }

  var schema: CompiledSchema {
    lock.withLock {
      if let compiled { return compiled }
      let made = CompiledSchema(shape())
      compiled = made
      return made
    }
  }
}
