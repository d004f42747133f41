/// What may differ between two runs of the same analysis, as `run.json` holds it: times, memory,
/// threads, the machine, paths.
public struct RunRecord: Codable, Sendable, Equatable {
  /// When the run began, ISO-8601.
  public var started: String
  /// Seconds of wall time by stage, in the order of the run.
  public var stages: [Stage]
  public var totalSeconds: Double
  /// Most memory resident at any time; nil where the system does not say.
  public var peakMemoryBytes: Int?
  public var threads: Int
  /// The kernel that the linear algebra library chose for this processor, in its own words.
  public var blasKernel: String?
  public var host: Host
  public var paths: Paths

  public struct Stage: Codable, Sendable, Equatable {
    public var name: String
    public var seconds: Double
    public init(name: String, seconds: Double) {
      self.name = name
      self.seconds = seconds
    }
  }

  public struct Host: Codable, Sendable, Equatable {
    public var operatingSystem: String
    public var architecture: String
    public var processor: String?
    public var cores: Int
    public var memoryBytes: Int?
    public init(
      operatingSystem: String, architecture: String, processor: String?, cores: Int,
      memoryBytes: Int?
    ) {
      self.operatingSystem = operatingSystem
      self.architecture = architecture
      self.processor = processor
      self.cores = cores
      self.memoryBytes = memoryBytes
    }
    enum CodingKeys: String, CodingKey {
      case architecture, processor, cores
      case operatingSystem = "operating_system"
      case memoryBytes = "memory_bytes"
    }
  }

  public struct Paths: Codable, Sendable, Equatable {
    public var log: String
    public var steps: String?
    public var customers: String?
    public var study: String?
    public var out: String
    public init(log: String, steps: String?, customers: String?, study: String?, out: String) {
      self.log = log
      self.steps = steps
      self.customers = customers
      self.study = study
      self.out = out
    }
  }

  public init(
    started: String, stages: [Stage], totalSeconds: Double, peakMemoryBytes: Int?, threads: Int,
    blasKernel: String?, host: Host, paths: Paths
  ) {
    self.started = started
    self.stages = stages
    self.totalSeconds = totalSeconds
    self.peakMemoryBytes = peakMemoryBytes
    self.threads = threads
    self.blasKernel = blasKernel
    self.host = host
    self.paths = paths
  }

  enum CodingKeys: String, CodingKey {
    case started, stages, threads, host, paths
    case totalSeconds = "total_seconds"
    case peakMemoryBytes = "peak_memory_bytes"
    case blasKernel = "blas_kernel"
  }
}
