/// Undoes, newest first, what was done before a step failed.
///
/// ```swift
/// var rollback = Rollback()
/// do {
///     try disks.createDisk(disk)
///     rollback.push { try disks.deleteInstance(id) }
///     try hypervisor.define(spec)
///     rollback.commit()
/// } catch {
///     rollback.undo { log.error("could not undo: \($0)") }
///     throw error
/// }
/// ```
public struct Rollback: ~Copyable {
    private var undos: [() throws -> Void] = []

    /// Nothing to undo yet.
    public init() {}

    /// Adds how to undo the step that has just been done.
    public mutating func push(_ undo: @escaping () throws -> Void) {
        undos.append(undo)
    }

    /// Everything is done: forget the undos.
    public consuming func commit() {}

    /// Undoes all steps, newest first. One that fails is reported and does not keep the others from running.
    public consuming func undo(onFailure report: (any Error) -> Void) {
        for undo in undos.reversed() {
            do { try undo() } catch { report(error) }
        }
    }
}
