import Attribution
import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts
import Statistics
import SyntheticWorld
import Testing

@Suite struct StaffModelTests {
  /// Where the links are known, a Poisson model with a random intercept per member says who brings
  /// more: from true counts of repeats. The model that has to find the links says the same.
  @Test func agreesWithCountsOfTrueLinks() throws {
    let world = try StaffWorld(interactions: 24_000, seed: 7, regime: .worseMember) {
      $0.staffWork.worse?.repeatFactor = 3
      $0.staffWork.worse?.logOdds = 0
    }
    let columns = try #require(
      StaffColumns(
        table: world.log.table, data: world.fitted.data, zone: .utc, minimumContacts: 60))
    let model = try StaffModel(world.fitted, columns: columns)
    let staff = try #require(world.log.table.text("staff_id"))
    var place = [Int](repeating: -1, count: staff.values.count)
    for (k, member) in columns.members.enumerated() { place[Int(member)] = k }
    var brought = [Double](repeating: 0, count: columns.members.count)
    for cause in world.log.cause where cause >= 0 && staff.codes[Int(cause)] >= 0 {
      let k = place[Int(staff.codes[Int(cause)])]
      if k >= 0 { brought[k] += 1 }
    }
    let count = brought.count
    let fit = try GeneralizedLinearMixedModel(
      data: MixedModelData(
        response: brought,
        fixedEffects: Matrix(rows: count, columns: 1, repeating: 1), fixedNames: ["(Intercept)"],
        offset: model.expected.map { Double.log($0) },
        terms: [
          RandomTerm(
            group: "member", codes: (0..<Int32(count)).map { $0 },
            levels: (0..<count).map { "m\($0)" })
        ]), family: .poissonLog
    ).fit()
    let modes = fit.terms[0].modes.storage
    let hierarchy = NormalHierarchy(
      values: model.logRatios, variances: (0..<count).map { model.covariance[$0, $0] })
    let worse = place[try #require(staff.values.firstIndex(of: "S14"))]
    #expect(worse >= 0 && modes.indices.max { modes[$0] < modes[$1] } == worse)
    #expect(hierarchy.shrunk.indices.max { hierarchy.shrunk[$0] < hierarchy.shrunk[$1] } == worse)
    // Links that have to be found are worth fewer counts, so that more is shrunk.
    let centre = hierarchy.shrunk.reduce(0, +) / Double(count)
    for k in 0..<count {
      let error = model.covariance[k, k].squareRoot()
      #expect(abs(model.logRatios[k] - centre - modes[k]) < 3.5 * error)
    }
    // The stated errors are those of the estimates around the true effects.
    let factors: [Double] = (0..<count).map { $0 == worse ? 3 : 1 }
    let truth: [Double] = factors.map { Double.log($0) }
    let reference: Double = zip(model.weights, truth).reduce(0.0) { $0 + $1.0 * $1.1 }
    var squares = 0.0
    for k in 0..<count {
      let error: Double = model.covariance[k, k].squareRoot()
      let z: Double = (model.logRatios[k] - truth[k] + reference) / error
      squares += z * z
    }
    // χ² with about `count` degrees of freedom: within four standard deviations.
    #expect(abs(squares / Double(count) - 1) < 4 * (2 / Double(count)).squareRoot())
  }

  /// One member and a component that fails only there, and always there: neither can be blamed.
  @Test func doesNotSplitWhatOccursOnlyTogether() throws {
    let world = try StaffWorld(interactions: 16_000, seed: 8) { _ in
    } log: { table in
      guard let staff = table.text("staff_id"), var name = table.text("integration"),
        var status = table.text("integration_status"),
        let member = staff.values.firstIndex(of: "S22")
      else { return }
      name = TextColumn(
        rows: (0..<table.count).map { staff.codes[$0] == Int32(member) ? "legacy" : name[$0] })
      status = TextColumn(
        rows: (0..<table.count).map { staff.codes[$0] == Int32(member) ? "timeout" : status[$0] })
      table.columns["integration"] = .text(name)
      table.columns["integration_status"] = .text(status)
    }
    let outcome = try world.outcome()
    let comparison = try #require(outcome.report.staffComparison)
    #expect(
      comparison.notIdentifiable.map { [$0.mode, $0.component ?? ""] } == [
        ["integration_timeout", "legacy"]
      ])
    let pair = try #require(comparison.notIdentifiable.first)
    #expect(pair.shared > 0.9)
    #expect(pair.memberBounds == [min(pair.excess, 0), max(pair.excess, 0)])
    #expect(pair.memberBounds == pair.componentBounds)
    #expect(comparison.notComparable == 1)
    #expect(!outcome.report.staff.contains { $0.staffID == "S22" })
    let member = try #require(outcome.staff.members.first { $0.staffID == "S22" })
    #expect(!member.isNamed && member.shrunk == nil && member.note != nil)
  }

  /// A member who works for a few customers is not blamed for their ways.
  @Test func doesNotCompareWhoWorksForFewCustomers() throws {
    let world = try StaffWorld(interactions: 16_000, seed: 10, regime: .heavyContactors) { _ in
    } log: { table in
      guard let staff = table.text("staff_id"), let handler = table.text("handled_by") else {
        return
      }
      // The busiest customers' contacts all go to one new member.
      var counts = [Int](repeating: 0, count: table.customer.values.count)
      for code in table.customer.codes { counts[Int(code)] += 1 }
      let busiest = Set(
        counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(12).map(Int32.init))
      let taken = table.customer.codes.map { busiest.contains($0) }
      table.columns["staff_id"] = .text(
        TextColumn(rows: taken.indices.map { taken[$0] ? "S99" : staff[$0] }))
      table.columns["handled_by"] = .text(
        TextColumn(rows: taken.indices.map { taken[$0] ? "staff" : handler[$0] }))
    }
    let outcome = try world.outcome()
    let member = try #require(outcome.staff.members.first { $0.staffID == "S99" })
    #expect(!member.isNamed && member.q == nil)
    #expect(member.note?.contains("few customers") == true)
    #expect(outcome.report.staffComparison?.minimumCustomers == 20)
  }

  /// The raw count falls apart into where its repeats came from, exactly and as it really was.
  @Test func whatLooksLikeStaffAddsUp() throws {
    let world = try StaffWorld(interactions: 16_000, seed: 9)
    let outcome = try world.outcome()
    let view = try #require(outcome.report.staffView)
    #expect(view.basis == "staff_error" && view.counted == world.rule.count)
    let own = try #require(view.parts.staffOwn.shareCi95)
    let sentence = try #require(view.sentence)
    #expect(
      sentence.contains("(\(oneDecimal(100 * own[0])) to \(oneDecimal(100 * own[1]))) points"))
    for (parts, raw) in [(view.parts, view.looksLikeStaff)]
      + view.teams.map({ ($0.parts, $0.looksLikeStaff) })
    {
      let all = [
        parts.ownAccord, parts.otherContact, parts.baseline, parts.systemDirect,
        parts.systemThroughStaff, parts.staffOwn,
      ]
      #expect(abs(all.reduce(0) { $0 + ($1.estimate ?? .nan) } - Double(raw.count)) < 1e-9)
      #expect(abs(all.reduce(0) { $0 + ($1.share ?? .nan) } - (raw.share ?? .nan)) < 1e-12)
      #expect(all.allSatisfy { $0.ci95 != nil })
    }
    // Really brought by the flagged contact, by another, by none.
    let data = world.fitted.data
    let following = RawStaffRepeats.following(data, world.rule)
    #expect(following.count { $0 >= 0 } == world.rule.count)
    let modes = world.fitted.input.modes
    var truth = [0.0, 0.0, 0.0]
    for i in 0..<data.count where following[i] >= 0 {
      let row = Int(data.row[i])
      guard
        modes.modes.indices.contains(where: {
          modes.modes[$0].side == .staff && modes.state[$0].storage[row] == 1
        })
      else { continue }
      let cause = world.log.cause[Int(data.row[Int(following[i])])]
      truth[cause == Int32(row) ? 0 : cause == -1 ? 2 : 1] += 1
    }
    let parts = view.parts
    let brought = Double(view.looksLikeStaff.count) - truth[1] - truth[2]
    #expect(brought == truth[0])
    for (part, value) in [(parts.otherContact, truth[1]), (parts.ownAccord, truth[2])] {
      let interval = try #require(part.ci95)
      let room = (interval[1] - interval[0]) / 2
      #expect(abs((part.estimate ?? .nan) - value) < 2 * room, "\(interval) and \(value)")
    }
  }
}
