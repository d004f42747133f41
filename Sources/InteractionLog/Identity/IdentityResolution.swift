extension CustomerTable {
  /// Whether every row is an alias or what one stands for, and none has a time of activity.
  fileprivate var isAliasTable: Bool {
    let targets = Set(rows.values.compactMap(\.aliasOf))
    return !targets.isEmpty
      && rows.allSatisfy { id, row in
        row.activeFrom == nil && row.activeTo == nil
          && (row.aliasOf != nil || targets.contains(id))
      }
  }
}

/// A log under each of its identity rules, from ids as they stand to all that the study declares.
public struct IdentityResolution: Sendable {
  /// A log under one rule.
  public struct Stage: Sendable {
    /// In words, such as "e-mail addresses normalised".
    public var rule: String
    public var table: InteractionTable
    public var customers: CustomerTable?
    /// Ids that this rule joined to another, against the rule before.
    public var joined: Int
    /// Ids that nobody alone can have; `table` and `customers` are without them.
    public var shared = SharedIdentities.none
  }

  /// Rules that differ in at least one customer; the first is ids as they stand, the last the study's.
  public var stages: [Stage]
  /// Ids of the customers file that aliases stand for and that are nowhere else, in byte order.
  public var unknownAliasTargets: [String]
  /// Rules that the study declares and that join no ids of this log.
  public var idleRules: [String]

  /// The log under the study's rule.
  public var table: InteractionTable { stages[stages.count - 1].table }
  public var customers: CustomerTable? { stages[stages.count - 1].customers }
  public var shared: SharedIdentities { stages[stages.count - 1].shared }

  /// A log whose ids are taken as they stand.
  public init(table: InteractionTable, customers: CustomerTable?) {
    stages = [Stage(rule: Self.exact, table: table, customers: customers, joined: 0)]
    unknownAliasTargets = []
    idleRules = []
  }

  /// The log as it is analysed: joined by the study's rules, ids that many people share set aside.
  ///
  /// - Parameter windowDays: of repeats.
  /// - Throws: ``LogError/aliases(_:)`` where the customers file's aliases contradict one another.
  public init(
    table: InteractionTable, customers: CustomerTable?, identity: Study.Identity,
    windowDays: Double
  ) throws(LogError) {
    try self.init(table: table, customers: customers, identity: identity)
    guard let perDay = identity.sharedAbove else { return }
    for k in stages.indices {
      let shared = SharedIdentities(stages[k].table, windowDays: windowDays, perDay: perDay)
      stages[k].table = shared.setAside(in: stages[k].table)
      stages[k].customers = shared.setAside(in: stages[k].customers)
      stages[k].shared = shared
    }
  }

  /// The log joined by the study's rules, with every id.
  ///
  /// - Throws: ``LogError/aliases(_:)`` where the customers file's aliases contradict one another.
  public init(
    table: InteractionTable, customers: CustomerTable?, identity: Study.Identity
  ) throws(LogError) {
    // A table of aliases and nothing else says nothing of who could have made contact when.
    self.init(
      table: table,
      customers: customers.flatMap { identity.usesAliases && $0.isAliasTable ? nil : $0 })
    let ids = table.customer.values
    var names = ids
    var owners = customers?.rows.keys.sorted() ?? []
    let owned = owners
    if identity.normalise != .none {
      names = ids.map(identity.normalised)
      owners = owned.map(identity.normalised)
      add(
        identity.normalise == .email
          ? "e-mail addresses normalised" : "telephone numbers normalised",
        names, owned, owners)
    }
    guard identity.usesAliases, let customers,
      customers.rows.values.contains(where: { $0.aliasOf != nil })
    else { return }
    let aliases = try AliasTable(
      customers: customers, known: Set(names), normalised: identity.normalised)
    unknownAliasTargets = aliases.unknownTargets
    names = names.map { aliases.root[$0] ?? $0 }
    owners = owners.map { aliases.root[$0] ?? $0 }
    add("aliases of the customers file joined", names, owned, owners)
  }

  private static let exact = "ids as they stand"

  /// Adds the rule under which each id of the log bears the name of the same place.
  private mutating func add(
    _ rule: String, _ names: [String], _ owned: [String], _ owners: [String]
  ) {
    let first = stages[0]
    let occurring = Set(first.table.customer.codes.lazy.filter { $0 >= 0 }.map { Int($0) })
    let before = Set(stages[stages.count - 1].table.customer.codes.lazy.filter { $0 >= 0 }).count
    let after = Set(occurring.map { names[$0] }).count
    guard after < before else {
      idleRules.append(rule)
      return
    }
    let table = first.table.renamed { names[$0] }.table
    let customers = first.customers.map { Self.merged($0, owned, owners) }
    let words = stages.count == 1 ? rule : "\(stages[stages.count - 1].rule), \(rule)"
    stages.append(Stage(rule: words, table: table, customers: customers, joined: before - after))
  }

  /// The customers file by the joined names: active from the earliest start to the latest end.
  private static func merged(
    _ customers: CustomerTable, _ owned: [String], _ owners: [String]
  ) -> CustomerTable {
    var rows: [String: CustomerTable.Row] = [:]
    for (id, owner) in zip(owned, owners) {
      guard let row = customers.rows[id] else { continue }
      guard let other = rows[owner] else {
        var first = row
        first.aliasOf = nil
        rows[owner] = first
        continue
      }
      func both(
        _ a: Int64?, _ b: Int64?, _ pick: (Int64, Int64) -> Int64
      ) -> Int64? {
        if let a, let b { pick(a, b) } else { nil }
      }
      rows[owner] = CustomerTable.Row(
        activeFrom: both(other.activeFrom, row.activeFrom, min),
        activeTo: both(other.activeTo, row.activeTo, max),
        segment: other.segment ?? row.segment, aliasOf: nil)
    }
    return CustomerTable(
      rows: rows, rowsRead: customers.rowsRead, rejected: customers.rejected)
  }
}
