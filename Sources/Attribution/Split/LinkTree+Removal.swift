import RepeatContacts

extension LinkTree {
  /// The tree of some customers that stand for all (see `LinkData.sampledCustomers`; the sandwich's
  /// sample), with the weights of their contacts.
  package func sample(
    atMost most: Int, weightings: [[Double]?]
  ) -> (tree: LinkTree, weightings: [[Double]?]) {
    guard let kept = data.sampledCustomers(atMost: most, salt: 77) else {
      return (self, weightings)
    }
    func taken(_ values: [Double], _ place: (Int) -> Int) -> [Double] {
      var result: [Double] = []
      for c in kept.indices where kept[c] {
        result +=
          values[place(Int(data.customerStart[c]))..<place(Int(data.customerStart[c + 1]))]
      }
      return result
    }
    return (
      LinkTree(
        data: data.restricted { kept[$0] }, probability: taken(probability) { data.pairStart[$0] }),
      weightings.map { $0.map { taken($0) { $0 } } }
    )
  }

  /// A removal on the tree: what share of each contact's repeats it takes, and with what probability
  /// each contact is lost by it.
  ///
  /// A contact survives with probability s_j = 1 − Σ_i p_ij (1 − s_i (1 − fraction_i)): its cause must
  /// survive and still bring it. Contacts are walked in time order, so descendants of descendants are
  /// counted and nothing is counted twice. Linear in the pairs.
  package struct Removal: Sendable {
    /// Share of the repeats of each contact that does come.
    package let fraction: [Double]
    /// Probability that the contact does not come.
    package let lost: [Double]

    package init(_ tree: LinkTree, fraction: (Int) -> Double) {
      let data = tree.data
      let fractions = (0..<data.count).map(fraction)
      var lost = [Double](repeating: 0, count: data.count)
      for j in 0..<data.count {
        var sum = 0.0
        var pair = data.pairStart[j]
        for i in Int(data.firstPrior[j])..<j {
          sum += tree.probability[pair] * (1 - (1 - lost[i]) * (1 - fractions[i]))
          pair += 1
        }
        lost[j] = sum
      }
      self.fraction = fractions
      self.lost = lost
    }

    /// Σ_j lost_j × weight_j: contacts avoided, or what they cost.
    package func expected(weight: [Double]?) -> Double {
      guard let weight else { return lost.reduce(0, +) }
      var sum = 0.0
      for j in lost.indices { sum += lost[j] * weight[j] }
      return sum
    }
  }

  /// λ_j = weight_j + Σ_k p_jk (1 − fraction_j) λ_k: what is gained if contact j is lost, with all that
  /// hangs on it. The derivative of the expected gain in lost_j.
  package func hanging(_ removal: Removal, weight: [Double]?) -> [Double] {
    var worth = weight ?? [Double](repeating: 1, count: data.count)
    for j in (0..<data.count).reversed() {
      var pair = data.pairStart[j]
      for i in Int(data.firstPrior[j])..<j {
        worth[i] += probability[pair] * (1 - removal.fraction[i]) * worth[j]
        pair += 1
      }
    }
    return worth
  }

  /// Variance of the realised gain around its expectation given the model.
  ///
  /// Given the contacts before it a contact is avoided with a probability q_j that is linear in them,
  /// so the realised number is a sum of martingale differences, each weighted by its worth λ_j (see
  /// `hanging`): the variance is Σ_j λ_j² (V_j − Var q_j) with V_j = s_j (1 − s_j). Covariances between
  /// the priors of one contact are left out of Var q_j, which errs towards a greater variance.
  package func variance(_ removal: Removal, worth: [Double]) -> Double {
    var variance = 0.0
    let lost = removal.lost
    for j in 0..<data.count {
      var own = abs(lost[j] * (1 - lost[j]))
      var pair = data.pairStart[j]
      for i in Int(data.firstPrior[j])..<j {
        let carried = probability[pair] * (1 - removal.fraction[i])
        own -= carried * carried * abs(lost[i] * (1 - lost[i]))
        pair += 1
      }
      variance += max(own, 0) * worth[j] * worth[j]
    }
    return variance
  }

  /// Covariance of the realised gains of two removals on one tree.
  ///
  /// A repeat that either would take is taken by both with the smaller of the two fractions: whether
  /// it comes is one number, in both worlds. With x and y the losses of a contact, both fates follow
  ///
  ///     E[x_j y_j] = Σ_i p_ij (E[x y] + E[x (1 − y)] f' + E[(1 − x) y] f + E[(1 − x)(1 − y)] min(f, f'))
  ///
  /// at i, and the martingale differences multiply as in `variance`; a fraction below zero, a failure
  /// that keeps repeats away, takes nothing jointly. Covariances between the priors of one contact are
  /// left out likewise.
  package func covariance(
    _ first: (removal: Removal, worth: [Double]), _ second: (removal: Removal, worth: [Double])
  ) -> Double {
    let (x, y) = (first.removal, second.removal)
    var spread = [Double](repeating: 0, count: data.count)
    var covariance = 0.0
    for j in 0..<data.count {
      var both = 0.0
      var own = 0.0
      var pair = data.pairStart[j]
      for i in Int(data.firstPrior[j])..<j {
        let p = probability[pair]
        pair += 1
        let (f, g) = (x.fraction[i], y.fraction[i])
        let (a, b) = (x.lost[i], y.lost[i])
        if f == 0 && g == 0 && a == 0 && b == 0 { continue }
        let joint = spread[i] + a * b
        let common = min(f, g) > 0 ? min(f, g) : f * g
        both +=
          p * (joint + (a - joint) * g + (b - joint) * f + (1 - a - b + joint) * common)
        own -= p * (1 - f) * p * (1 - g) * spread[i]
      }
      spread[j] = both - x.lost[j] * y.lost[j]
      covariance += (own + spread[j]) * first.worth[j] * second.worth[j]
    }
    return covariance
  }
}
