/// Figures as a person reads them, the same in every locale.
enum Figures {
  /// Without a fraction where there is none.
  static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }

  /// A share of one as a percentage with one decimal.
  static func percent(_ share: Double) -> String {
    "\(text((share * 1_000).rounded() / 10)) %"
  }
}
