-- An image of a mebibyte, so that the program makes none, and no limits for the administrator's project.
BEGIN IMMEDIATE;
INSERT INTO images (id, name, status, visibility, project_id, disk_format, container_format, size, virtual_size,
    min_disk, min_ram, protected, created_at, updated_at)
SELECT '@IMAGE@', 'empty', 'active', 'public', id, 'raw', 'bare', 1048576, 1048576, 0, 0, 0, 1764000000000,
    1764000000000
FROM projects WHERE name = 'admin';
INSERT INTO image_seeds (name, image_id, created_at) VALUES ('guest', '@IMAGE@', 1764000000000);
INSERT INTO compute_quotas (project_id, instances, cores, memory_mib)
SELECT id, -1, -1, -1 FROM projects WHERE name = 'admin';
INSERT INTO quotas (project_id, resource, hard_limit) SELECT id, 'port', -1 FROM projects WHERE name = 'admin';
COMMIT;
