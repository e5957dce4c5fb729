/// The version of this package.
public enum BatchFileVersion {
  public static let current = "0.1.0"
}
