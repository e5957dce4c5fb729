extension Sequence<String> {
  /// Whether one of the texts has the same bytes as `text`. `String ==` also takes texts as equal that are spelt with
  /// different code points, such as the two spellings of "é". APIs and file systems tell these apart.
  package func has(_ text: String) -> Bool { contains { $0.utf8.elementsEqual(text.utf8) } }
}
