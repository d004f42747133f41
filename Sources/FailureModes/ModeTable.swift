import InteractionLog

/// One failure mode of an analysis, in declared order: a mode never causes an earlier one.
public struct FailureMode: Sendable, Equatable {
  public var name: String
  public var side: FailureModeDeclaration.Side
  /// Indices, into the analysis's modes, of the modes that this one can bring about.
  public var causes: [Int]

  public init(name: String, side: FailureModeDeclaration.Side, causes: [Int]) {
    self.name = name
    self.side = side
    self.causes = causes
  }
}

/// Which failure modes hold on which interaction.
public struct ModeTable: Sendable {
  public var modes: [FailureMode]
  /// `state[mode].storage[row]`: 1 holds, 0 does not, −1 unknown (not looked at).
  public var state: [FlagColumn]
  /// `component[mode][row]`: the component at fault where the mode holds or may hold; −1 elsewhere.
  public var component: [TextColumn]
  /// Rows on which the mode cannot hold because nobody of its side took part (a staff mode on an
  /// interaction that AI handled) carry state 0 and are not used to model the mode's rate.
  public var applies: [FlagColumn]
  /// What a reader of the report must know about how modes were read (`blank_staff_error` and kin).
  public var notes: [String]
  /// By mode: the columns that its condition reads, and those that say whether it applies.
  public var columnsRead: [Set<String>] = []

  public init(
    modes: [FailureMode], state: [FlagColumn], component: [TextColumn], applies: [FlagColumn],
    notes: [String]
  ) {
    self.modes = modes
    self.state = state
    self.component = component
    self.applies = applies
    self.notes = notes
  }
}

extension ModeTable {
  /// Whether the mode was looked for wherever it applies, and found nowhere.
  package func neverHolds(_ mode: Int) -> Bool {
    var isLookedFor = false
    for (row, applies) in applies[mode].storage.enumerated() where applies == 1 {
      if state[mode].storage[row] != 0 { return false }
      isLookedFor = true
    }
    return isLookedFor
  }

  /// The same modes as if nobody had looked at the rows marked, for fits without them.
  package func without(_ excluded: [Bool]) -> ModeTable {
    var copy = self
    for m in copy.state.indices {
      for row in excluded.indices where excluded[row] { copy.applies[m].storage[row] = 0 }
    }
    return copy
  }
}
