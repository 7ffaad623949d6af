import Database
import ServiceCore

extension ComputeSchema {
    /// All that a row of a list shows of an instance. What is written with the instance itself was never read without it.
    static let changes = Migration(
        "compute/0011-changes",
        ServiceCoreSchema.recording("instances", [.update("")], "SELECT row.id")
            + ServiceCoreSchema.recording(
                "request_specs", [.update("requested_zone, user_data, placement")], "SELECT row.instance_id")
            + ["instance_faults", "instance_metadata", "instance_tags"].map {
                ServiceCoreSchema.recording($0, [.insert, .delete, .update("")], "SELECT row.instance_id")
            }.joined() + """

            -- A list of ids is read from the index alone.
            DROP INDEX instances_by_project;
            CREATE INDEX instances_by_project ON instances (project_id, created_at, number, id)
                WHERE deleted_at IS NULL;
            DROP INDEX instances_by_age;
            CREATE INDEX instances_by_age ON instances (created_at, number, id) WHERE deleted_at IS NULL;
            """)
}
