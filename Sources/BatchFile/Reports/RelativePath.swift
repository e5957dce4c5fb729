/// Paths in the form that services want that show a repository: relative to its folder, without `.` and empty parts.
enum RelativePath {
  /// - Parameter folders: the repository's folder, in each of its spellings. A path below one of them becomes relative
  ///   to it; another absolute path stays absolute.
  static func clean(_ path: String, in folders: [String]) -> String {
    let parts = parts(of: path)
    guard path.hasPrefix("/") else { return parts.joined(separator: "/") }
    for folder in folders where folder.hasPrefix("/") {
      let base = self.parts(of: folder)
      if parts.count > base.count, parts.starts(with: base, by: { $0.utf8.elementsEqual($1.utf8) }) {
        return parts[base.count...].joined(separator: "/")
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  private static func parts(of path: String) -> [String] {
    path.split(separator: "/").reduce(into: []) { parts, part in
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != "." {
        parts.append(String(part))
      }
    }
  }
}
