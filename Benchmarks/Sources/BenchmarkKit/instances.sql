-- @COUNT@ instances as launches have left them, in the administrator's project: every flavor, five images, one address
-- each and two for every eighth, a tenth shut off, a fiftieth failed with its fault. They are on no host, because hosts
-- are compared with their rows every minute.
PRAGMA foreign_keys = ON;
BEGIN IMMEDIATE;

INSERT INTO networks (id, project_id, name, description, admin_state_up, status, shared, external, mtu,
    port_security_enabled, availability_zone_hints, network_type, segmentation_id, revision_number, created_at,
    updated_at)
SELECT 'b0000000-0000-4000-8000-00000000000' || n, projects.id, kind.name, '', 1, 'ACTIVE', 0, 0, 1450, 1, '', 'vxlan',
    900 + n, 1, 1764000000000, 1764000000000
FROM projects, (SELECT 1 AS n, 'private' AS name UNION SELECT 2, 'storage') AS kind WHERE projects.name = 'admin';

INSERT INTO subnets (id, network_id, project_id, name, description, cidr, gateway_ip, enable_dhcp,
    revision_number, created_at, updated_at)
SELECT 'c' || substr(id, 2), id, project_id, name, '',
    CASE name WHEN 'private' THEN '10.0.0.0/12' ELSE '10.16.0.0/12' END,
    CASE name WHEN 'private' THEN '10.0.0.1' ELSE '10.16.0.1' END, 0, 1, 1764000000000, 1764000000000
FROM networks WHERE id LIKE 'b0000000-%';

CREATE TEMP TABLE made AS
WITH RECURSIVE numbers (n) AS (
    SELECT coalesce(max(number), 0) + 1 FROM instances UNION ALL SELECT n + 1 FROM numbers WHERE n < @COUNT@
)
SELECT n, lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
    || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))) AS id,
    CASE WHEN n % 50 = 7 THEN 'error' WHEN n % 10 = 3 THEN 'stopped' ELSE 'active' END AS vm_state
FROM numbers WHERE n <= @COUNT@;

INSERT INTO instances (id, number, name, description, project_id, project_name, user_id, user_name, vm_state,
    power_state, host, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib, claimed_vcpus,
    claimed_memory_mib, claimed_disk_gib, image_id, image_name, key_name, launch_index, reservation_id, config_drive,
    domain_type, created_at, updated_at, launched_at, revision)
SELECT made.id, n, printf('%s-%05d', CASE n % 4 WHEN 0 THEN 'web' WHEN 1 THEN 'database' WHEN 2 THEN 'worker'
    ELSE 'build <ci> & test' END, n), '', projects.id, projects.name, users.id, users.name, vm_state,
    CASE vm_state WHEN 'active' THEN 1 WHEN 'stopped' THEN 4 ELSE 0 END, NULL, 'nova', flavors.id, flavors.name,
    vcpus, memory_mib, disk_gib, vcpus, memory_mib, disk_gib, '5a7e0f3c-1d2b-4c6d-8e9f-' || printf('%012d', n % 5),
    CASE n % 5 WHEN 0 THEN 'daybreak-guest' WHEN 1 THEN 'debian-12-genericcloud-amd64' WHEN 2 THEN 'ubuntu-24.04'
    WHEN 3 THEN 'cirros-0.6.2-x86_64' ELSE 'fedora-cloud-41' END, CASE WHEN n % 3 THEN 'operator' END, 0,
    'r-' || lower(hex(randomblob(4))), 0, 'kvm', 1764000000000 + n * 7000, 1764000000000 + n * 7000 + 4200,
    CASE WHEN vm_state <> 'error' THEN 1764000000000 + n * 7000 + 4200 END, 3
FROM made, projects, users, (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM flavors) AS flavors
WHERE projects.name = 'admin' AND users.name = 'admin'
    AND flavors.place = n % (SELECT count(*) FROM flavors);

INSERT INTO instance_faults (instance_id, code, phase, message, details, created_at)
SELECT id, 500, 'schedule', '{"arguments":{},"text":"No valid host was found."}', '', 1764000000000
FROM made WHERE vm_state = 'error';

CREATE TEMP TABLE cards AS
SELECT made.id AS instance_id, n, networks.id AS network_id, project_id,
    row_number() OVER (PARTITION BY made.id ORDER BY networks.name) - 1 AS card,
    'd' || printf('%07x', n) || '-' || printf('%04d', substr(networks.id, 36)) || substr(made.id, 14) AS port_id,
    printf('10.%d.%d.%d', (networks.name = 'storage') * 16 + (n + 16) / 65536, (n + 16) / 256 % 256, (n + 16) % 256)
        AS address
FROM made, networks
WHERE networks.id LIKE 'b0000000-%' AND vm_state <> 'error' AND (networks.name = 'private' OR n % 8 = 0);

INSERT INTO ports (id, network_id, project_id, name, description, mac_address, admin_state_up, status, device_id,
    device_owner, binding_host, vnic_type, port_security_enabled, nic_index, made_for_instance, revision_number,
    created_at, updated_at)
SELECT port_id, network_id, project_id, '', '',
    printf('fa:16:3e:%02x:%02x:%02x', n / 65536 % 256, n / 256 % 256, n % 256), 1, 'ACTIVE', instance_id,
    'compute:nova', 'compute-1', 'normal', 1, card, 1, 2, 1764000000000, 1764000000000
FROM cards;

INSERT INTO ipallocations (port_id, ip_address, subnet_id, network_id)
SELECT port_id, address, 'c' || substr(network_id, 2), network_id FROM cards;

-- The guest image of the first start is registered already: nothing is built while it is measured.
INSERT OR IGNORE INTO image_seeds VALUES ('guest', '00000000-0000-4000-8000-000000000000', 1764000000000);
COMMIT;
