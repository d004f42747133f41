import WhatIf

/// What a what-if found: everything that its charts and its page show.
package struct WhatIfContents: Sendable {
  /// nil where no threshold was tried.
  package var thresholds: WhatIfReport?
  /// How often the score is right; nil where nobody asked, or nothing can be said, as `scoreNote` says.
  package var score: ScoreReport?
  package var scoreNote: String?
  /// Changes beside thresholds; nil where none was named.
  package var changes: InterventionReport?
  package var currency: String?
  /// Where the report of the run lies whose links were used, as seen from the what-if's folder.
  package var attribution: String?

  package init(
    thresholds: WhatIfReport?, score: ScoreReport?, scoreNote: String?,
    changes: InterventionReport?, currency: String?, attribution: String? = nil
  ) {
    (self.thresholds, self.score, self.scoreNote) = (thresholds, score, scoreNote)
    (self.changes, self.currency, self.attribution) = (changes, currency, attribution)
  }
}
