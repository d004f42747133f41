import Foundation
import InteractionLog
import Testing
import WhatIf

/// The off-policy values against the published formulas of the Open Bandit Pipeline (`obp` 0.4.1,
/// Saito, Aihara, Matsutani & Narita 2021, NeurIPS Datasets and Benchmarks), written in numpy:
/// `SelfNormalizedInverseProbabilityWeighting`, `DoublyRobust`, and for episodes of several decisions
/// the per-position weights of `SlateRewardInteractionIPS` and of `SlateCascadeDoublyRobust`.
@Suite struct OffPolicyPeerTests {
  private static let script = """
    import json, sys
    import numpy as np
    d = json.load(sys.stdin)
    ipw, dr, w0 = [], [], []
    for u in d["units"]:
        ratio, reward, q, v = (np.array(u[k]) for k in ("ratio", "reward", "predicted", "value"))
        # w_{1:k}: the weight of position k is the product of the ratios up to it.
        w = np.cumprod(ratio)
        before = np.concatenate([[1.0], w[:-1]])
        ipw.append(np.sum(w * reward))
        dr.append(np.sum(w * (reward - q) + before * v))
        w0.append(w[0])
    ipw, dr, w0 = np.array(ipw), np.array(dr), np.array(w0)
    print(json.dumps({"snipw": float(np.mean(ipw) / np.mean(w0)), "dr": float(np.mean(dr))}))
    """

  private struct Unit: Encodable {
    var ratio: [Double]
    var reward: [Double]
    var predicted: [Double]
    var value: [Double]
  }

  private static let hasNumpy: Bool = {
    if ProcessInfo.processInfo.environment["WHEREFORE_PEERS"] == "required" { return true }
    return (try? python("import numpy; print(1)", input: Data())) == "1\n"
  }()

  private static func python(_ code: String, input: Data) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (given, output) = (folder.appending(path: "in"), folder.appending(path: "out"))
    try input.write(to: given)
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", code]
    process.standardInput = try FileHandle(forReadingFrom: given)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return try String(contentsOf: output, encoding: .utf8)
  }

  @Test(
    .enabled(if: hasNumpy, "needs python3 with numpy"),
    arguments: [PolicyOutcome.repeats, .staffMinutes, .latency], [0.55, 0.7])
  func valuesAreThoseOfTheOpenBanditPipeline(outcome: PolicyOutcome, threshold: Double) throws {
    var world = ThresholdWorld()
    world.customers = 400
    // Thresholds that change: the decisions of an episode share theirs, and weights are products.
    world.history = [(0, 0.7), (75, 0.5)]
    world.explored = 0.3
    world.overrides = [0.1, 0.2, 0.3]
    let table = world.table(seed: 8)
    let setting = try WhatIfSetting(
      try DecisionLog(table: table), table: table, options: .init(windowDays: 15))
    let sweep = ThresholdSweep(
      setting, grid: ThresholdGrid([threshold]), byGroup: false, threads: 1)
    let curve = CurveBuilder(setting, sweep: sweep).curve(0)
    let value = try #require(curve.points[0].outcomes.first { $0.outcome == outcome })
    let units = EpisodeTrace.all(setting, threshold: threshold, outcome: outcome).map {
      Unit(
        ratio: $0.ratios, reward: $0.rewards, predicted: $0.predicted, value: $0.values)
    }
    #expect(units.contains { $0.ratio.count > 2 } || outcome == .latency)
    let answer = try Self.python(
      Self.script, input: try JSONEncoder().encode(["units": units]))
    let peer = try JSONDecoder().decode([String: Double].self, from: Data(answer.utf8))
    let robust = try #require(value.doublyRobust.estimate)
    let weighted = try #require(value.inversePropensity.estimate)
    #expect(abs(robust - (peer["dr"] ?? .nan)) < 1e-8 * max(1, abs(robust)))
    #expect(abs(weighted - (peer["snipw"] ?? .nan)) < 1e-8 * max(1, abs(weighted)))
  }
}
