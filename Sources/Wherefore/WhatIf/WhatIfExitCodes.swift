import SyntheticWorld
import WhatIf

// A score that says nothing is in the log; a change or policy that nothing is called by is in the
// command.

extension ScoreError: ExitCoded {
  public var exitCode: Int32 { 65 }
}

extension InterventionError: ExitCoded {
  public var exitCode: Int32 {
    switch self {
    case .unknown, .outside, .tooMany, .unreadable: 2
    case .noAnswer: 65
    }
  }
}

extension ThresholdPolicyError: ExitCoded {
  public var exitCode: Int32 { 2 }
}
