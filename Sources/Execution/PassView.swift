import RepeatContacts

/// The columns of the contacts as inner loops read them; valid inside `with` only.
struct ContactView {
  let time: UnsafePointer<Double>
  let topic: UnsafePointer<Int32>
  let day: UnsafePointer<Int32>
  let cell: UnsafePointer<Int32>
  let customerStart: UnsafePointer<Int32>
  let firstPrior: UnsafePointer<Int32>
  let byTopic: UnsafePointer<Int32>
  let pairStart: UnsafePointer<Int>
  let pairBin: UnsafePointer<UInt8>
  let days: Int
  let bins: Int

  static func with<Result>(_ data: LinkData, _ body: (ContactView) -> Result) -> Result {
    open(data.time) { time in
      open(data.topic) { topic in
        open(data.day) { day in
          open(data.cell) { cell in
            open(data.customerStart) { customerStart in
              open(data.firstPrior) { firstPrior in
                open(data.byTopic) { byTopic in
                  open(data.pairStart) { pairStart in
                    open(data.pairBin) { pairBin in
                      body(
                        ContactView(
                          time: time, topic: topic, day: day, cell: cell,
                          customerStart: customerStart, firstPrior: firstPrior, byTopic: byTopic,
                          pairStart: pairStart, pairBin: pairBin, days: data.dayCount,
                          bins: data.bins.count))
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  @inline(__always) func range(_ customer: Int) -> Range<Int> {
    Int(customerStart[customer])..<Int(customerStart[customer + 1])
  }
}

/// The tables of a pass as inner loops read them; valid inside `with` only.
struct TableView {
  let rate: UnsafePointer<Double>
  let density: UnsafePointer<Double>
  let mass: UnsafePointer<Double>
  let persistence: UnsafePointer<Double>
  let topicShare: UnsafePointer<Double>
  let intensity: UnsafePointer<Double>
  let logIntensity: UnsafePointer<Double>
  let logTopicShare: UnsafePointer<Double>
  let logRising: UnsafePointer<Double>
  let logRisingTotal: UnsafePointer<Double>
  let logWeight: UnsafePointer<Double>
  let customerClass: UnsafePointer<Int32>
  let groups: Int
  /// Rows of `logWeight` and of `logRising` by number of contacts.
  let stride: Int
  let classCount: Int
  let topicCount: Int
  let exactLimit: Int
  let ownTopicMix: Bool
  let mixConcentration: Double
  let shape: Double
  let meanRate: Double
  let wholeMass: Double
  let logSeen: Double

  static func with<Result>(_ tables: PassTables, _ body: (TableView) -> Result) -> Result {
    open(tables.rate) { rate in
      open(tables.density) { density in
        open(tables.mass) { mass in
          open(tables.persistence) { persistence in
            open(tables.topicShare) { topicShare in
              open(tables.intensity) { intensity in
                open(tables.logIntensity) { logIntensity in
                  open(tables.logTopicShare) { logTopicShare in
                    open(tables.logRising) { logRising in
                      open(tables.logRisingTotal) { logRisingTotal in
                        open(tables.prior.logWeight) { logWeight in
                          open(tables.customerClass) { customerClass in
                            body(
                              TableView(
                                rate: rate, density: density, mass: mass, persistence: persistence,
                                topicShare: topicShare, intensity: intensity,
                                logIntensity: logIntensity, logTopicShare: logTopicShare,
                                logRising: logRising, logRisingTotal: logRisingTotal,
                                logWeight: logWeight, customerClass: customerClass,
                                groups: tables.groups, stride: tables.prior.stride,
                                classCount: tables.prior.logWeight.count / tables.prior.stride,
                                topicCount: tables.topicShare.count,
                                exactLimit: tables.exactLimit,
                                ownTopicMix: tables.mixConcentration.isFinite,
                                mixConcentration: tables.mixConcentration, shape: tables.shape,
                                meanRate: tables.meanRate, wholeMass: tables.wholeMass,
                                logSeen: tables.prior.logSeen))
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

/// An array's memory inside `body`; where it is empty, a place that nobody reads.
@inline(__always) private func open<Element: BitwiseCopyable, Result>(
  _ array: [Element], _ body: (UnsafePointer<Element>) -> Result
) -> Result {
  array.withUnsafeBufferPointer { buffer in
    if let base = buffer.baseAddress { return body(base) }
    let nothing = UnsafeMutablePointer<Element>.allocate(capacity: 1)
    defer { nothing.deallocate() }
    return body(UnsafePointer(nothing))
  }
}
