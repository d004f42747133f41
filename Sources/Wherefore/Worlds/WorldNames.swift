import Attribution
import SyntheticWorld

/// The regimes of synthetic worlds, for those that import this library alone.
public typealias Regime = SyntheticWorld.Regime

/// The regimes of worlds whose repeats respond to the confidence threshold.
public typealias ThresholdRegime = SyntheticWorld.ThresholdRegime

/// Known causes of a change in the middle of a world.
public typealias WorldChange = SyntheticWorld.WorldChange

/// What a policy truly brings.
public typealias PolicyTruth = SyntheticWorld.PolicyTruth

/// A generator of worlds with known truth.
public typealias World = SyntheticWorld.World

/// What a generated world's truth is.
public typealias Truth = SyntheticWorld.Truth

/// Attempts to refute an attribution, by name.
public typealias RefuterName = Attribution.RefuterName
