import JSONLines

/// What a join needs of a request. It is a view of the line.
struct ReadRequest {
  /// The index of the line's newline.
  var end: Int
  var id: SpeltText
  var model: SpeltText?
  var kind: AnswerKind
  var hasURL: Bool
  /// Whether the line has the method, a url and a body, so that the API would accept its envelope.
  var isWhole: Bool
}

/// Reads requests, one after the other.
struct RequestReader {
  enum Reading {
    case request(ReadRequest)
    case blank(end: Int)
    case fault(PlaceScan.Fault.Reason, end: Int)
  }

  /// How a request is read from lines of one form.
  struct Meaning {
    let id: Int
    let model: Int?
    let kind: AnswerKind
    let hasURL: Bool
    let isWhole: Bool
  }

  private let document = JSONDocument()
  private let forms: LineForms<Meaning>?

  /// - Parameter usesForms: whether lines with the form of earlier ones are recognised without scanning them.
  init(usesForms: Bool) { forms = usesForms ? LineForms() : nil }

  /// Reads the line that `bytes` begins with.
  func read(_ bytes: PaddedBytes) -> Reading {
    if let forms, let (end, meaning) = forms.match(bytes) {
      func text(_ hole: Int) -> SpeltText {
        let filling = forms.fillings[hole]
        return SpeltText(bytes, filling.start..<filling.end, isEscaped: filling.traits.contains(.escaped))
      }
      return .request(
        ReadRequest(
          end: end, id: text(meaning.id), model: meaning.model.map(text), kind: meaning.kind, hasURL: meaning.hasURL,
          isWhole: meaning.isWhole))
    }
    return readWhole(bytes)
  }

  private func readWhole(_ bytes: PaddedBytes) -> Reading {
    var end = 0
    if let newline = JSONScanner.scanFirstLine(of: bytes, into: document, remembered: nil) {
      end = newline
    } else {
      end = bytes.endOfLine(from: 0)
      if let error = JSONScanner.scan(bytes.part(0..<end), into: document) {
        return error.reason == .empty ? .blank(end: end) : .fault(.unreadable(error.reason), end: end)
      }
    }
    let root = document.root
    let members = LineMembers(root, isRequest: true)
    if let reason = members.fault { return .fault(reason, end: end) }
    let envelope = Envelope(root)
    guard let id = envelope.customID, id.kind == .string else { return .fault(.noID, end: end) }
    let url = envelope.url.flatMap { $0.kind == .string ? $0 : nil }
    let model = envelope.body?["model"].flatMap { $0.kind == .string ? $0 : nil }
    let isWhole = envelope.method?.isString("POST") ?? false && url != nil && envelope.body?.kind == .object
    let kind = AnswerKind(url: url)
    forms?.learn {
      guard let form = LineForm(root, decides: { $0.isString("url") || $0.isString("method") }) else { return nil }
      let modelHole = model.flatMap(form.hole)
      guard let hole = form.hole(id), model == nil || modelHole != nil else {
        form.deallocate()
        return nil
      }
      return (form, Meaning(id: hole, model: modelHole, kind: kind, hasURL: url != nil, isWhole: isWhole))
    }
    return .request(
      ReadRequest(
        end: end, id: SpeltText(id), model: model.map(SpeltText.init), kind: kind, hasURL: url != nil, isWhole: isWhole)
    )
  }
}
