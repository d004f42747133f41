/// A reproducible stream of random numbers: xoshiro256** seeded through SplitMix64.
///
/// A stream is a value: the same seed and keys give the same numbers on every machine, in every
/// thread and whatever was drawn elsewhere. Keys name what the stream is for (a customer, a block, a
/// purpose), so that work can be split or repeated without disturbing other draws. Unless it says
/// otherwise a sampler takes exactly one 64-bit output, so the draws after it keep their place.
///
/// Sources: Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4);
/// Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA.
public struct RandomStream: RandomNumberGenerator, Sendable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// The stream of a seed: four SplitMix64 outputs fill the state.
  @inlinable public init(seed: UInt64) {
    var counter = seed
    s0 = RandomStream.splitMix(&counter)
    s1 = RandomStream.splitMix(&counter)
    s2 = RandomStream.splitMix(&counter)
    s3 = RandomStream.splitMix(&counter)
  }

  /// The stream at a key path below a seed; no keys is the seed's own stream.
  public init(seed: UInt64, keys: UInt64...) {
    self.init(seed: keys.reduce(seed) { RandomStream.key($0, $1) })
  }

  /// The stream of a given state, for comparison with the published reference implementation.
  ///
  /// At least one word must not be zero.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) {
    (s0, s1, s2, s3) = state
  }

  /// The seed one step down a key path: `RandomStream(seed: key(key(s, a), b))` is
  /// `RandomStream(seed: s, keys: a, b)`.
  ///
  /// For a fixed seed different keys give different seeds (the mapping is a bijection).
  @inlinable public static func key(_ seed: UInt64, _ key: UInt64) -> UInt64 {
    mixed(mixed(seed &+ 0x9E37_79B9_7F4A_7C15) &+ key &* 0xD134_2543_DE82_EF95)
  }

  /// SplitMix64's finaliser (Stafford's variant 13).
  @inlinable static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// One SplitMix64 output.
  @inlinable package static func splitMix(_ counter: inout UInt64) -> UInt64 {
    counter &+= 0x9E37_79B9_7F4A_7C15
    return mixed(counter)
  }

  /// The next 64 bits.
  @inlinable public mutating func next() -> UInt64 {
    let scrambled = s1 &* 5
    let result = ((scrambled << 7) | (scrambled >> 57)) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// Uniform on [0, 1): a multiple of 2⁻⁵³.
  @inlinable public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform on (0, 1), never 0 or 1: the midpoint of one of 2⁵² equal steps.
  @inlinable public mutating func openUniform() -> Double {
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }
}
