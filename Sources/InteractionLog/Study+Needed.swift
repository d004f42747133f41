extension Study {
  /// The study of who made contact when and about what, and of nothing else: a log read by it decodes no
  /// other column, and rejects no row for one.
  package var ofContactsAlone: Study {
    let needed: Set = [
      "interaction_id", "customer_id", "started_at", "ended_at", "intent_predicted",
      "intent_actual", "intent_reviewed",
    ]
    var study = self
    for column in CanonicalColumn.all where !needed.contains(column.name) {
      study.columns[column.name] = ""
    }
    (study.derived, study.context, study.outcomes) = ([:], [], [])
    study.failureModes = []
    study.identity.steady = []
    return study
  }
}
