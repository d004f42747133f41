import ArgumentParser
import Wherefore

struct LinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Joins repeat contacts to prior interactions and writes the links.",
    discussion: """
      The model (branching) gives each pair the probability that the first contact brought the \
      second, against what the customer would have done anyway. A rule takes any later contact of the same customer and topic within the window for a repeat; \
      it does not ask whether the customer would have come anyway.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var link: LinkOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    guard let rule = link.rule.linkRule else { return try runModel() }
    let linking = RuleLinking(
      rule: rule, windowDays: link.window, sameTopic: !link.anyTopic)
    let summary = try watched(removing: [PartialOutput.path(for: link.out)]) { progress in
      try linking.run(log: log.input, out: link.out, progress: progress)
    }
    if machine.json {
      try JSONOutput.print(summary)
    } else {
      try StandardOutput.print(summary.sentences)
    }
  }

  private func runModel() throws {
    let linking = ModelLinking(
      windowDays: link.windowDays, customers: link.customers, threads: link.execution.threads)
    let summary = try watched(removing: [PartialOutput.path(for: link.out)]) { progress in
      try linking.run(log: log.input, out: link.out, progress: progress)
    }
    if machine.json {
      try JSONOutput.print(summary)
    } else {
      try StandardOutput.print(summary.sentences)
    }
  }
}

extension RuleLinking.Summary {
  /// The summary for a person to read.
  fileprivate var sentences: String {
    let topic = sameTopic ? "customer and topic" : "customer"
    let days = windowDays == 1 ? "1 day" : "\(Figures.text(windowDays)) days"
    let share = rate.map { " (\(Figures.percent($0)) of the \(known) with a whole window)" } ?? ""
    var lines = [
      "\(out): \(links) links by \(rule), same \(topic) within \(days)",
      "\(followed) of \(interactions) interactions are followed by another within the window\(share)",
    ]
    if rowsRejected > 0 { lines.append("\(rowsRejected) rows of the log were not used") }
    return lines.joined(separator: "\n")
  }
}

extension ModelLinking.Summary {
  /// The summary for a person to read.
  fileprivate var sentences: String {
    var lines = [
      "\(out): \(links) pairs within \(Figures.text(windowDays)) days, with the probability of each link",
      "\(Figures.text((caused * 10).rounded() / 10)) of \(laterContacts) later contacts were brought by an "
        + "earlier one, the rest would have come anyway",
    ]
    if rowsRejected > 0 { lines.append("\(rowsRejected) rows of the log were not used") }
    return lines.joined(separator: "\n")
  }
}
