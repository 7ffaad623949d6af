import Database

extension IdentitySchema {
    /// Regions, services and endpoints, with those of this cloud. A URL that begins with a slash is a path of this
    /// program: its clients are told it below the address they came to.
    static let catalog = Migration(
        "identity/0004-catalog",
        """
        CREATE TABLE regions (
            id TEXT PRIMARY KEY NOT NULL,
            description TEXT NOT NULL DEFAULT '',
            parent_region_id TEXT REFERENCES regions (id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX regions_by_parent ON regions (parent_region_id);

        CREATE TABLE catalog_services (
            id TEXT PRIMARY KEY NOT NULL,
            type TEXT NOT NULL,
            name TEXT,
            description TEXT,
            enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX catalog_services_by_type ON catalog_services (type, id);
        CREATE INDEX catalog_services_by_name ON catalog_services (name);

        CREATE TABLE endpoints (
            id TEXT PRIMARY KEY NOT NULL,
            service_id TEXT NOT NULL REFERENCES catalog_services (id) ON DELETE CASCADE,
            region_id TEXT REFERENCES regions (id),
            interface TEXT NOT NULL CHECK (interface IN ('public', 'internal', 'admin')),
            url TEXT NOT NULL,
            enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX endpoints_by_service ON endpoints (service_id, id);
        CREATE INDEX endpoints_by_region ON endpoints (region_id);

        INSERT INTO regions (id) VALUES ('RegionOne');
        INSERT INTO catalog_services (id, type, name, description) VALUES
            (lower(hex(randomblob(16))), 'identity', 'keystone', 'Keystone Identity Service'),
            (lower(hex(randomblob(16))), 'compute', 'nova', 'Nova Compute Service'),
            (lower(hex(randomblob(16))), 'image', 'glance', 'Glance Image Service'),
            (lower(hex(randomblob(16))), 'network', 'neutron', 'Neutron Service'),
            (lower(hex(randomblob(16))), 'placement', 'placement', 'Placement Service');
        INSERT INTO endpoints (id, service_id, region_id, interface, url)
            SELECT lower(hex(randomblob(16))), s.id, 'RegionOne', i.column1, CASE s.type
                WHEN 'compute' THEN '/compute/v2.1' WHEN 'network' THEN '/networking' ELSE '/' || s.type END
            FROM catalog_services AS s CROSS JOIN (VALUES ('public'), ('internal'), ('admin')) AS i;
        """)
}
