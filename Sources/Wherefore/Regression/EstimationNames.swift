import Statistics

// What an estimate is asked for with, for those that import this library alone.

public typealias EffectRequest = Statistics.EffectRequest
public typealias CrossFittedWeighting = Statistics.CrossFittedWeighting
public typealias DiscontinuityRequest = Statistics.DiscontinuityRequest
public typealias Discontinuity = Statistics.Discontinuity
public typealias DiscontinuityVariance = Statistics.DiscontinuityVariance
public typealias LocalKernel = Statistics.LocalKernel
