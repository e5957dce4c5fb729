extension Sequence<String> {
  /// Whether one of the texts has the same bytes. `String ==` also takes texts for equal whose bytes differ, as two
  /// spellings of "é" do; APIs and file systems tell these apart.
  package func has(_ text: String) -> Bool { contains { $0.utf8.elementsEqual(text.utf8) } }
}
