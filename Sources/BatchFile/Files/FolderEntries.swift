import Foundation
import JSONLines

extension Path {
  /// The names in this folder, in no particular order; empty where the folder cannot be read. The empty path is the
  /// current folder.
  package var entries: [Path] {
    guard let folder = (bytes.isEmpty ? "." : self).withCString({ opendir($0) }) else { return [] }
    defer { closedir(folder) }
    var names: [Path] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Path(bytes: $0.prefix { $0 != 0 }) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
