-- @COUNT@ addresses of the network's only subnet, a thousand for each port, and what is left free between them.
PRAGMA synchronous = OFF;
PRAGMA cache_size = -200000;
BEGIN IMMEDIATE;

CREATE TEMP TABLE place AS
SELECT n.id AS network_id, s.id AS subnet_id, p.id AS pool_id,
    CAST(substr(s.cidr, 1, instr(s.cidr, '.') - 1) AS INTEGER) AS first_byte
FROM networks n JOIN subnets s ON s.network_id = n.id JOIN ipallocationpools p ON p.subnet_id = s.id
WHERE n.id = '@NETWORK@';

CREATE TEMP TABLE taken AS
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < @COUNT@)
SELECT n, @PLACE@ AS place, (SELECT first_byte FROM place) * 16777216 + @PLACE@ AS address FROM numbers;

INSERT INTO ports (id, network_id, project_id, name, description, mac_address, admin_state_up, status, device_id,
    device_owner, binding_host, vnic_type, port_security_enabled, made_for_instance, revision_number, created_at,
    updated_at)
SELECT printf('%08x', n) || substr(network_id, 9), network_id, 'p', '', '',
    printf('fa:16:3e:%02x:%02x:%02x', n / 65536000, n / 256000 % 256, n / 1000 % 256), 1, 'ACTIVE', '', '', '', 'normal', 1,
    0, 1, 1764000000000, 1764000000000
FROM taken, place WHERE n % 1000 = 0;

INSERT INTO ipallocations (port_id, ip_address, subnet_id, network_id)
SELECT printf('%08x', n / 1000 * 1000) || substr(network_id, 9),
    printf('%d.%d.%d.%d', address / 16777216, address / 65536 % 256, address / 256 % 256, address % 256), subnet_id,
    network_id
FROM taken, place;

INSERT INTO ipallocation_keys (subnet_id, address_key, network_id, ip_address)
SELECT subnet_id, printf('%08x', address), network_id,
    printf('%d.%d.%d.%d', address / 16777216, address / 65536 % 256, address / 256 % 256, address % 256)
FROM taken, place;

CREATE TEMP TABLE whole AS
SELECT pool_id, first_key, last_key FROM ipavailabilityranges JOIN place ON allocation_pool_id = pool_id;
DELETE FROM ipavailabilityranges WHERE allocation_pool_id = (SELECT pool_id FROM place);
-- The gap above each taken address, and the one below the first.
INSERT INTO ipavailabilityranges (allocation_pool_id, first_key, last_key)
SELECT pool_id, printf('%08x', address + 1),
    CASE WHEN following IS NULL THEN last_key ELSE printf('%08x', following - 1) END
FROM (SELECT address, lead(address) OVER (ORDER BY address) AS following FROM taken), whole
WHERE following IS NULL OR following > address + 1;
INSERT INTO ipavailabilityranges (allocation_pool_id, first_key, last_key)
SELECT pool_id, first_key, printf('%08x', (SELECT min(address) FROM taken) - 1) FROM whole;

COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
