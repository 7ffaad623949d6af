import Database

extension ComputeSchema {
    /// What owners want in their guests; NULL for nothing.
    static let files = Migration("compute/0010-injected-files", "ALTER TABLE request_specs ADD COLUMN files TEXT;")
}
