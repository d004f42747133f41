extension AttributionReport {
  /// A rate or mean with its 95 % interval over `n` interactions; nil where n is 0.
  public struct MetricValue: Codable, Sendable {
    public var estimate: Double?
    public var ci95: [Double]?
    public var n: Int
    public init(estimate: Double?, ci95: [Double]?, n: Int) {
      self.estimate = estimate
      self.ci95 = ci95
      self.n = n
    }
  }

  public struct WeekValue: Codable, Sendable {
    public var week: String
    public var estimate: Double?
    public var ci95: [Double]?
    public var n: Int
    public init(week: String, estimate: Double?, ci95: [Double]?, n: Int) {
      self.week = week
      self.estimate = estimate
      self.ci95 = ci95
      self.n = n
    }
  }

  public struct Handlers<Value: Codable & Sendable>: Codable, Sendable {
    public var ai: Value
    public var staff: Value
    public init(ai: Value, staff: Value) {
      self.ai = ai
      self.staff = staff
    }
  }

  /// One metric overall, by ISO week and by handler; `byHandlerByWeek` for the two apart over time.
  public struct Metric: Codable, Sendable {
    public var overall: MetricValue
    public var byWeek: [WeekValue]
    public var byHandler: Handlers<MetricValue>
    public var byHandlerByWeek: Handlers<[WeekValue]>
    public init(
      overall: MetricValue, byWeek: [WeekValue], byHandler: Handlers<MetricValue>,
      byHandlerByWeek: Handlers<[WeekValue]>
    ) {
      self.overall = overall
      self.byWeek = byWeek
      self.byHandler = byHandler
      self.byHandlerByWeek = byHandlerByWeek
    }
    enum CodingKeys: String, CodingKey {
      case overall
      case byWeek = "by_week"
      case byHandler = "by_handler"
      case byHandlerByWeek = "by_handler_by_week"
    }
  }

  /// Nearest-rank quantiles in milliseconds; nil where n is 0.
  public struct Quantiles: Codable, Sendable {
    public var p50: Double?
    public var p95: Double?
    public var p99: Double?
    public var n: Int
    public init(p50: Double?, p95: Double?, p99: Double?, n: Int) {
      self.p50 = p50
      self.p95 = p95
      self.p99 = p99
      self.n = n
    }
  }

  public struct WeekQuantiles: Codable, Sendable {
    public var week: String
    public var p50: Double?
    public var p95: Double?
    public var p99: Double?
    public var n: Int
    public init(week: String, p50: Double?, p95: Double?, p99: Double?, n: Int) {
      self.week = week
      self.p50 = p50
      self.p95 = p95
      self.p99 = p99
      self.n = n
    }
  }

  /// Latency: `p50`, `p95`, `p99` over all, and the same by week, by handler and by both.
  public struct Latency: Codable, Sendable {
    public var p50: Double?
    public var p95: Double?
    public var p99: Double?
    public var n: Int
    public var byWeek: [WeekQuantiles]
    public var byHandler: Handlers<Quantiles>
    public var byHandlerByWeek: Handlers<[WeekQuantiles]>
    public init(
      overall: Quantiles, byWeek: [WeekQuantiles], byHandler: Handlers<Quantiles>,
      byHandlerByWeek: Handlers<[WeekQuantiles]>
    ) {
      p50 = overall.p50
      p95 = overall.p95
      p99 = overall.p99
      n = overall.n
      self.byWeek = byWeek
      self.byHandler = byHandler
      self.byHandlerByWeek = byHandlerByWeek
    }
    enum CodingKeys: String, CodingKey {
      case p50, p95, p99, n
      case byWeek = "by_week"
      case byHandler = "by_handler"
      case byHandlerByWeek = "by_handler_by_week"
    }
  }

  public struct Metrics: Codable, Sendable {
    public var intentResolutionRate: Metric
    public var actionSuccessRate: Metric
    public var endToEndLatencyMs: Latency
    public var repeatContactRate: Metric
    public var csat: Metric
    public init(
      intentResolutionRate: Metric, actionSuccessRate: Metric, endToEndLatencyMs: Latency,
      repeatContactRate: Metric, csat: Metric
    ) {
      self.intentResolutionRate = intentResolutionRate
      self.actionSuccessRate = actionSuccessRate
      self.endToEndLatencyMs = endToEndLatencyMs
      self.repeatContactRate = repeatContactRate
      self.csat = csat
    }
    enum CodingKeys: String, CodingKey {
      case csat
      case intentResolutionRate = "intent_resolution_rate"
      case actionSuccessRate = "action_success_rate"
      case endToEndLatencyMs = "end_to_end_latency_ms"
      case repeatContactRate = "repeat_contact_rate"
    }
  }
}
