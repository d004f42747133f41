import InteractionLog
import Testing

@Suite("Who is one customer")
struct IdentityTests {
  @Test(
    "E-mail addresses are one whatever their case, blanks and, where declared, tags",
    arguments: [
      (" Ann@Example.ORG ", "ann@example.org", "ann@example.org"),
      ("mailto:ann@example.org", "ann@example.org", "ann@example.org"),
      ("ann+shop@example.org", "ann+shop@example.org", "ann@example.org"),
      ("+@example.org", "+@example.org", "+@example.org"), ("C0001", "C0001", "C0001"),
      ("a@b@c", "a@b@c", "a@b@c"), ("@", "@", "@"), ("", "", ""),
    ])
  func email(id: String, kept: String, dropped: String) {
    var identity = Study.Identity(normalise: .email)
    #expect(identity.normalised(id) == kept)
    identity.dropsPlusTags = true
    #expect(identity.normalised(id) == dropped)
  }

  @Test(
    "Telephone numbers are international where a country code is declared",
    arguments: [
      ("+49 151 2345678", "491512345678"), ("0049-151-2345678", "491512345678"),
      ("0151/2345678", "491512345678"), ("+49 (0)151 2345678", "491512345678"),
      ("0049 (0)151 2345678", "491512345678"),
      ("tel:+491512345678", "491512345678"), ("491512345678", "491512345678"),
      ("1512345678", "491512345678"), ("+1 (212) 555-1234", "12125551234"),
      ("C12345678", "C12345678"), ("12345", "12345"), ("٠١٢٣٤٥٦٧", "٠١٢٣٤٥٦٧"),
    ])
  func phone(id: String, joined: String) {
    #expect(Study.Identity(normalise: .phone, countryCode: "49").normalised(id) == joined)
  }

  @Test("Without a country code a national number stays national")
  func nationalPhone() {
    let identity = Study.Identity(normalise: .phone)
    #expect(identity.normalised("0151 234 56 78") == "01512345678")
    #expect(identity.normalised("0049 151 2345678") == "491512345678")
  }

  private func customers(_ aliases: [String: String?]) -> CustomerTable {
    CustomerTable(
      rows: aliases.mapValues {
        .init(activeFrom: nil, activeTo: nil, segment: nil, aliasOf: $0)
      })
  }

  private func log(_ ids: [String?]) -> InteractionTable {
    let values = Set(ids.compactMap { $0 }).sorted()
    var raw = table([("n", .number(NumberColumn(storage: ids.indices.map(Double.init))))])
    raw.interactionID = ids.indices.map { "i\($0)" }
    let codes = ids.map { id in
      Int32(id.flatMap { values.firstIndex(of: $0) } ?? -1)
    }
    return raw.recoded(codes: codes, values: values).table
  }

  @Test("Each rule joins what it says; rows stay in canonical order with their values")
  func stages() throws {
    let table = log(["B@x.org", "b@x.org ", "c1", nil, "c2", "b@x.org "])
    let result = try IdentityResolution(
      table: table, customers: customers(["c1": "c3", "c3": "b@X.org", "c2": nil, "zz": "qq"]),
      identity: .init(normalise: .email))
    #expect(
      result.stages.map(\.rule) == [
        "ids as they stand", "e-mail addresses normalised",
        "e-mail addresses normalised, aliases of the customers file joined",
      ])
    #expect(result.stages.map(\.joined) == [0, 1, 1])
    #expect(result.unknownAliasTargets == ["qq"])
    let joined = result.table
    #expect(joined.customer.values == ["b@x.org", "c2"])
    #expect(joined.customer.codes == [0, 0, 0, 0, 1, -1])
    #expect(joined.interactionID == ["i0", "i1", "i2", "i5", "i4", "i3"])
    #expect(joined.number("n")?.storage == [0, 1, 2, 5, 4, 3])
    #expect(result.customers?.rows["b@x.org"] != nil)
    // A file of aliases alone is no list of customers.
    let aliases = try IdentityResolution(
      table: table, customers: customers(["c1": "c2"]), identity: .init())
    #expect(aliases.customers == nil && aliases.stages.count == 2)
    // What is not declared changes nothing.
    let plain = try IdentityResolution(
      table: table, customers: customers(["c1": "c2"]), identity: .init(usesAliases: false))
    #expect(plain.stages.count == 1 && plain.table.customer == table.customer)
  }

  @Test("Joined customers are active from the first start to the last end")
  func activity() throws {
    let file = CustomerTable(rows: [
      "a": .init(activeFrom: 10, activeTo: 20, segment: nil, aliasOf: nil),
      "b": .init(activeFrom: 5, activeTo: 15, segment: "gold", aliasOf: "a"),
    ])
    let result = try IdentityResolution(
      table: log(["a", "b"]), customers: file, identity: .init())
    let row = try #require(result.customers?.rows["a"])
    #expect(row.activeFrom == 5 && row.activeTo == 20 && row.segment == "gold")
    #expect(result.customers?.rows.count == 1)
  }

  @Test("Aliases in a circle and aliases that contradict one another are named")
  func aliasErrors() {
    let circle = message {
      _ = try IdentityResolution(
        table: log(["a"]), customers: customers(["x": "a", "a": "b", "b": "c", "c": "a"]),
        identity: .init())
    }
    #expect(circle.contains("a → b → c → a"))
    let conflict = message {
      _ = try IdentityResolution(
        table: log(["a"]), customers: customers(["A@x.org": "p", "a@x.org": "q"]),
        identity: .init(normalise: .email))
    }
    #expect(conflict.contains("A@x.org and a@x.org") && conflict.contains("p and q"))
  }

  @Test("The study's key is read, and what it does not know is an error")
  func declaration() throws {
    let identity = try study(
      """
      identity:
        normalise: phone
        country_code: "+49"
        aliases: false
        wrong: {checked: 99, found: 9}
        split: {rate: 0.1, se: 0.02}
        steady: [region]
        incomplete_end: keep
      """
    ).identity
    #expect(identity.countryCode == "49" && !identity.usesAliases && !identity.cutsIncompleteEnd)
    // Beta(9.5, 90.5).
    let wrong = try #require(identity.wrong)
    #expect(abs(wrong.rate - 0.095) < 1e-15)
    #expect(abs(wrong.standardError - (0.095 * 0.905 / 101).squareRoot()) < 1e-15)
    #expect(identity.split == Study.ErrorRate(rate: 0.1, standardError: 0.02))
    for (yaml, text) in [
      ("{normalize: email}", "normalise"), ("{normalise: mail}", "email, phone or none"),
      ("{plus_tags: drop}", "identity.normalise: email"),
      ("{country_code: \"49\"}", "identity.normalise: phone"),
      ("{wrong: {rate: 0.7}}", "0 to 0.5"), ("{wrong: {checked: 50}}", "checked and found"),
      ("{wrong: {checked: 50, found: 40}}", "at most half"),
      ("{split: {rate: 0.1, found: 3}}", "either rate"),
      ("{normalise: phone, country_code: \"049\"}", "one to three digits"),
    ] {
      let said = message { _ = try study("identity: \(yaml)") }
      #expect(said.contains(text), "\(yaml): \(said)")
    }
  }

  @Test("A steady column that the log does not have is an error")
  func unknownSteadyColumn() throws {
    var study = Study.canonical
    study.identity.steady = ["regoin"]
    let said = message {
      _ = try read(
        "interaction_id,customer_id,started_at,region\n1,a,2026-01-05T09:30:00Z,x\n", study: study)
    }
    #expect(said.contains("identity.steady") && said.contains("region"))
    study.identity.steady = ["region"]
    let table = try read(
      "interaction_id,customer_id,started_at,region\n1,a,2026-01-05T09:30:00Z,x\n", study: study
    ).table
    #expect(table.text("region")?[0] == "x")
  }
}
