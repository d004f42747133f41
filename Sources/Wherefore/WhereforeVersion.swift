/// The release that this library belongs to.
public enum WhereforeVersion {
  /// As `wherefore --version` prints it and `provenance.version` records it.
  public static let current = "0.1.0"
}
