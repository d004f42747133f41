import Attribution

/// What tried to refute the attribution, for the page; empty where nothing was asked for.
struct RefuterSection {
  let isShown: Bool
  let summary: String
  let rows: [RefuterRow]
  /// Those that succeed or ask for caution, for the first screen.
  let attention: [RefuterRow]

  init(_ refuters: [AttributionReport.Refuter]?) {
    isShown = refuters?.isEmpty == false
    summary = RefuterText.summary(refuters ?? [])
    rows = (refuters ?? []).map(RefuterRow.init)
    attention = RefuterText.attention(refuters ?? []).map(RefuterRow.init)
  }
}

/// One refuter: its verdict, what it does, and what it found for each figure.
struct RefuterRow {
  struct Result {
    let title: String
    let verdict: String
    let verdictClass: String
    let meaning: String

    init(_ result: AttributionReport.RefuterResult) {
      title = RefuterText.title(result)
      verdict = ModeWords.verdict(result.verdict)
      verdictClass = result.verdict.rawValue
      meaning = result.meaning
    }
  }

  let title: String
  let verdict: String
  let verdictClass: String
  let meaning: String
  /// Those that ask for attention, and all.
  let attention: [Result]
  let results: [Result]
  let count: String

  init(_ refuter: AttributionReport.Refuter) {
    title = ModeWords.title(refuter.refuter)
    verdict = ModeWords.verdict(refuter.verdict)
    verdictClass = refuter.verdict.rawValue
    meaning = refuter.meaning
    attention = refuter.results.filter { $0.verdict == .warn || $0.verdict == .fail }
      .map(Result.init)
    results = refuter.results.map(Result.init)
    count = NumberWords.count(refuter.results.count)
  }
}
