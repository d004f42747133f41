/// 1/(1 + e⁻ˣ) of four numbers at once, to four units in the last place; for loops in which a call
/// for each exponential would be most of the time.
///
/// e^(−|x|) by Cody & Waite's reduction to |r| ≤ ln 2 / 2 and the exponential series to r¹³, whose
/// remainder there is below 1e-17. Below −708 the exponential is held at e⁻⁷⁰⁸.
@inline(__always)
package func logistic(_ x: SIMD4<Double>) -> SIMD4<Double> {
  let negative = x .< 0
  let small = exponential((-x).replacing(with: x, where: negative))
  let large = 1 / (1 + small)
  return large.replacing(with: small * large, where: negative)
}

/// The same of eight numbers.
@inline(__always)
package func logistic(_ x: SIMD8<Double>) -> SIMD8<Double> {
  SIMD8(lowHalf: logistic(x.lowHalf), highHalf: logistic(x.highHalf))
}

/// eˣ of numbers at or below zero.
@inline(__always)
private func exponential(_ x: SIMD4<Double>) -> SIMD4<Double> {
  let held = x.replacing(with: -708, where: x .< -708)
  // Adding 1.5 · 2⁵² rounds to a whole number, which is then in the lowest bits.
  let shift = SIMD4<Double>(repeating: 0x1.8p52)
  let shifted = held * 1.4426950408889634 + shift
  let whole = shifted - shift
  let r = (held - whole * 6.93147180369123816490e-1) - whole * 1.90821492927058770002e-10
  var sum = SIMD4<Double>(repeating: 1 / 6_227_020_800)
  sum = sum * r + 1 / 479_001_600
  sum = sum * r + 1 / 39_916_800
  sum = sum * r + 1 / 3_628_800
  sum = sum * r + 1 / 362_880
  sum = sum * r + 1 / 40_320
  sum = sum * r + 1 / 5_040
  sum = sum * r + 1 / 720
  sum = sum * r + 1 / 120
  sum = sum * r + 1 / 24
  sum = sum * r + 1 / 6
  sum = sum * r + 1 / 2
  sum = sum * r + 1
  sum = sum * r + 1
  let bits = unsafeBitCast(shifted, to: SIMD4<UInt64>.self)
  let scale = (bits &+ 1023) &<< 52
  return sum * unsafeBitCast(scale, to: SIMD4<Double>.self)
}
