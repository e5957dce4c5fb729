import JSONLines

/// Finds requests whose id an earlier request has. Only those whose hash is equal need to be compared.
struct RepeatedRequests {
  private static let mostFaults = 20

  private let files: [JoinFile]
  private let index: RequestIndex
  private let fetcher: LineFetcher

  init(_ files: [JoinFile], _ index: RequestIndex) {
    self.files = files
    self.index = index
    fetcher = LineFetcher(files)
  }

  /// The faults of the first of these requests.
  func faults() throws(JoinError) -> [RequestFault] {
    var faults: [RequestFault] = []
    for (request, first) in index.later {
      let text = try id(request)
      var earlier: Int? = try id(first) == text ? first : nil
      if earlier == nil {
        // If different ids have the same hash, which practically never happens, each of them must be compared.
        for (other, otherFirst) in index.later where otherFirst == first && other < request && earlier == nil {
          if try id(other) == text { earlier = other }
        }
      }
      guard let earlier else { continue }
      let (place, before) = (index[request].line, index[earlier].line)
      let file = files[place.file]
      faults.append(
        RequestFault(
          path: file.path, line: file.lines(at: [place.offset])[0],
          reason: .duplicate(of: files[before.file].lines(at: [before.offset])[0], id: JSONText.string(text))))
      if faults.count == RepeatedRequests.mostFaults { break }
    }
    return faults
  }

  private func id(_ request: Int) throws(JoinError) -> [UInt8] {
    var text: [UInt8] = []
    let place = index[request]
    let line = place.line
    let bytes = try fetcher.fetch(line.offset + place.id.lowerBound..<line.offset + place.id.upperBound, of: line.file)
    SpeltText(bytes, 0..<bytes.count, isEscaped: place.isIDEscaped).appendText(to: &text)
    return text
  }
}

extension RequestFault {
  init(_ fault: PlaceScan.Fault, _ files: [JoinFile]) {
    self.init(path: files[fault.file].path, line: fault.line, reason: fault.requestReason)
  }
}
