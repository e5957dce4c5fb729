import Foundation
import JSONLines

/// The names of the models in a join. Each has a number, so that a request need only keep the number.
///
/// Which name gets which number depends on the threads, but no output does.
final class ModelNames: @unchecked Sendable {  // by `lock`
  struct Name {
    var text: String
    /// The number of input tokens above which a request costs more.
    var longAbove: Int
  }

  private static let longestName = 200

  private let prices: PriceTable
  private let lock = NSLock()
  private var numbers: [String: Int] = [:]
  private var names: [Name] = [Name(text: "", longAbove: .max)]

  init(_ prices: PriceTable) { self.prices = prices }

  /// The number of a name, from 1.
  func number(of text: String) -> Int {
    let text = String(text.unicodeScalars.prefix(ModelNames.longestName).map(Character.init))
    return lock.withLock {
      if let known = numbers[text] { return known }
      numbers[text] = names.count
      names.append(Name(text: text, longAbove: prices.price(of: text)?.longContext?.above ?? .max))
      return names.count - 1
    }
  }

  subscript(number: Int) -> Name { lock.withLock { names[number] } }
}

/// The last few names that one thread has met, because most lines name one of a few models.
final class RecentModels {
  private static let most = 8

  private let names: ModelNames
  /// Swift's check for exclusive access is off, because it would take more time at each line than the comparison does.
  /// It is not needed: one thread has this object, and nothing here calls back.
  @exclusivity(unchecked) private var recent: [(spelling: [UInt8], number: Int)] = []
  private var oldest = 0

  init(_ names: ModelNames) { self.names = names }

  func number(of model: SpeltText) -> Int {
    let spelling = model.spelling
    for k in recent.indices where recent[k].spelling.withUnsafeBytes({ $0.isSame(as: spelling) }) {
      return recent[k].number
    }
    let number = names.number(of: model.text)
    if recent.count < RecentModels.most {
      recent.append((Array(spelling), number))
    } else {
      recent[oldest] = (Array(spelling), number)
      oldest = (oldest + 1) % RecentModels.most
    }
    return number
  }
}
