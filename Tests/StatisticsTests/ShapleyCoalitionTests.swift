import Statistics
import Testing

@Suite("Coalition weights")
struct ShapleyCoalitionTests {
  @Test(
    "Values are the coalitions' worth times their weights",
    arguments: [[0], [0, 0], [0, 1, 0], [0, 0, 3, 4]] as [[UInt32]])
  func weights(order: [UInt32]) throws {
    let shapley = try ShapleyWeights(order: order)
    let worth = shapley.coalitions.map { 1 + Double($0) * Double($0) / 7 }
    let values = shapley.values(ofCoalitions: worth)
    let weights = shapley.coalitionWeights
    #expect(weights.count == worth.count * order.count)
    for player in order.indices {
      var sum = 0.0
      for c in worth.indices { sum += weights[c * order.count + player] * worth[c] }
      // Sixteen terms of at most some tens.
      #expect(abs(sum - values[player]) < 1e-12)
    }
  }
}
