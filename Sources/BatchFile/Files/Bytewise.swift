extension Sequence<String> {
  /// Whether one of the texts has the same bytes: texts that only Unicode calls equal are two to every API and file system.
  package func has(_ text: String) -> Bool { contains { $0.utf8.elementsEqual(text.utf8) } }
}
