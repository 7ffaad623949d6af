import Database

extension ComputeSchema {
    /// What opens consoles.
    static let consoles = Migration(
        "compute/0008-console-tokens",
        """
        -- Each opens a console once. Kept here and not in memory: who was given the address of a console may open it after
        -- a restart of the program.
        CREATE TABLE console_auth_tokens (
            token_hash TEXT PRIMARY KEY NOT NULL,
            console_type TEXT NOT NULL,
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL,
            project_id TEXT,
            session_hash TEXT,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX console_auth_tokens_by_instance ON console_auth_tokens (instance_id);
        CREATE INDEX console_auth_tokens_by_user ON console_auth_tokens (user_id);
        CREATE INDEX console_auth_tokens_by_expiry ON console_auth_tokens (expires_at);
        """)
}
