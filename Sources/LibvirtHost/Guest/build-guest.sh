#!/bin/sh
# Makes a small bootable cloud guest out of Debian packages.
#
#   build-guest.sh OUTPUT.qcow2 CACHE_DIRECTORY
#
# The disk holds a FAT partition (SYSLINUX, Debian's cloud kernel, an initramfs) and an ext4 root with busybox and
# dropbear. Nothing is mounted and nobody need be root. The only download is the kernel's package, with apt-get; it is
# kept in CACHE_DIRECTORY. Each step is announced on standard output.
#
# Debian's kernel unpacks itself above 16 MiB and needs 51.5 MiB there, so a guest with 64 MiB never gets past the
# boot loader; 72 MiB boot.
set -eu
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin" MTOOLS_SKIP_CHECK=1

[ $# -eq 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
output=$1 cache=$2

fail() { echo "$*" >&2; exit 1; }
step() { echo "$*"; }

[ "$(uname -m)" = x86_64 ] || fail "the guest can be built on x86-64 only, this is $(uname -m)"
need=
for pair in busybox:busybox-static cpio:cpio dropbear:dropbear-bin dropbearkey:dropbear-bin resize2fs:e2fsprogs \
    mke2fs:e2fsprogs sfdisk:fdisk depmod:kmod modprobe:kmod mformat:mtools mcopy:mtools openssl:openssl \
    qemu-img:qemu-utils syslinux:syslinux dpkg-deb:dpkg apt-get:apt; do
    command -v "${pair%%:*}" > /dev/null || need="$need ${pair#*:}"
done
bootcode=/usr/lib/syslinux/mbr/mbr.bin
[ -f "$bootcode" ] || need="$need syslinux-common"
[ "$(id -u)" = 0 ] || command -v fakeroot > /dev/null || need="$need fakeroot"
[ -z "$need" ] || fail "these Debian packages are missing:$need"

# Files of the guest belong to its root; fakeroot lets anybody pack them so.
[ "$(id -u)" = 0 ] || exec fakeroot -- sh "$0" "$@"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
boot=$work/initramfs root=$work/root kernel=$work/kernel
mkdir -p "$cache" "$boot" "$root" "$kernel"

# The kernel's package.

package=$(find "$cache" -name 'linux-image-*-cloud-amd64_*.deb' | sort | tail -n 1)
if [ -z "$package" ]; then
    name=$(apt-cache depends linux-image-cloud-amd64 2> /dev/null | awk '$1 == "Depends:" && /linux-image-[0-9]/ { print $2; exit }')
    [ -n "$name" ] || fail "apt does not know linux-image-cloud-amd64: run apt-get update"
    step "Downloading $name"
    (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$name" > /dev/null) ||
        fail "the package $name cannot be downloaded: is there a network?"
    mv "$work"/linux-image-*.deb "$cache"/
    package=$(find "$cache" -name 'linux-image-*-cloud-amd64_*.deb' | sort | tail -n 1)
fi
step "Unpacking the kernel"
dpkg-deb -x "$package" "$kernel"
version=$(basename "$(echo "$kernel"/lib/modules/*)")
depmod -b "$kernel" "$version"

# Prints the files of modules and of all they depend on, in the order of loading.
with_dependencies() {
    for module in "$@"; do
        modprobe -d "$kernel" -S "$version" --show-depends "$module" 2> /dev/null || true
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# The initramfs: finds the root partition, lets it fill the disk, goes there.

mkdir -p "$boot/bin" "$boot/modules" "$boot/dev" "$boot/proc" "$boot/sys" "$boot/root"
cp "$(command -v busybox)" "$boot/bin/busybox"
with_dependencies virtio_pci virtio_blk ext4 > "$work/early"
while read -r file; do
    cp "$file" "$boot/modules/"
    basename "$file" >> "$boot/modules/order"
done < "$work/early"
cat > "$boot/init" << 'GUEST'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
while read -r module; do insmod "/modules/$module"; done < /modules/order

tries=0
while [ ! -b /dev/vda2 ]; do
    tries=$((tries + 1))
    if [ $tries -gt 200 ]; then echo "The root partition does not appear."; exec sh; fi
    usleep 25000
done

# Bytes 474-477 of the disk are the length of the second partition in sectors, least significant byte first.
disk=$(cat /sys/class/block/vda/size)
start=$(cat /sys/class/block/vda2/start)
length=$((disk - start))
if [ $length -gt $(($(cat /sys/class/block/vda2/size) + 2048)) ] && [ $length -lt 4294967296 ]; then
    bytes=
    for shift in 0 8 16 24; do bytes="$bytes\\x$(printf %02x $((length >> shift & 255)))"; done
    printf "$bytes" | dd of=/dev/vda bs=1 seek=474 conv=notrunc 2> /dev/null
    blockdev --rereadpt /dev/vda
    tries=0
    while [ ! -b /dev/vda2 ] && [ $tries -lt 80 ]; do tries=$((tries + 1)); usleep 25000; done
fi

mount -t ext4 -o noatime /dev/vda2 /root || { echo "The root file system cannot be mounted."; exec sh; }
for place in dev proc sys; do mount -o move /$place /root/$place; done
exec switch_root /root /sbin/init
GUEST
chmod 755 "$boot/init"
step "Packing the initramfs"
(cd "$boot" && find . | sort | cpio --quiet -o -H newc -R 0:0 | gzip -9n) > "$work/initrd"

# The root file system.

step "Filling the root file system"
for place in bin sbin usr/bin usr/sbin lib lib64 dev proc sys run tmp mnt root/.ssh home/cirros/.ssh \
    etc/init.d etc/acpi/PWRF etc/dropbear var/lib var/log; do
    mkdir -p "$root/$place"
done
ln -s ../run "$root/var/run"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do
    case $applet in busybox | su | dpkg* | rpm*) ;; *) ln -s busybox "$root/bin/$applet" ;; esac
done
cp "$root/bin/busybox" "$root/bin/su"
for applet in init getty udhcpc ip ifconfig modprobe poweroff reboot halt acpid; do
    ln -s ../bin/busybox "$root/sbin/$applet"
done
for program in dropbear dropbearkey dbclient resize2fs; do
    path=$(command -v $program) || continue
    cp "$path" "$root/usr/sbin/$program"
    ldd "$path" | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }'
done | sort -u > "$work/libraries"
while read -r library; do
    case $library in
    *ld-linux*) cp -L "$library" "$root/lib64/" ;;
    *) cp -L "$library" "$root/lib/" ;;
    esac
done < "$work/libraries"
ln -s ../sbin/dbclient "$root/usr/bin/ssh"

with_dependencies virtio_net virtio_rng virtio_balloon virtio_console button evdev isofs vfat nls_ascii nls_utf8 \
    sr_mod ata_piix ahci virtio_scsi sd_mod > "$work/late"
while read -r file; do
    place=$root${file#"$kernel"}
    mkdir -p "$(dirname "$place")"
    cp "$file" "$place"
done < "$work/late"
cp "$kernel/lib/modules/$version"/modules.order "$kernel/lib/modules/$version"/modules.builtin* \
    "$root/lib/modules/$version/"
depmod -b "$root" "$version"

password=$(openssl passwd -6 gocubsgo)
cat > "$root/etc/passwd" << 'GUEST'
root:x:0:0:root:/root:/bin/sh
cirros:x:1000:1000:cirros:/home/cirros:/bin/sh
GUEST
printf '%s:%s:19000:0:99999:7:::\n' root "$password" cirros "$password" > "$root/etc/shadow"
printf 'root:x:0:\ntty:x:5:\ncirros:x:1000:\n' > "$root/etc/group"
echo /bin/sh > "$root/etc/shells"
echo guest > "$root/etc/hostname"
echo '127.0.0.1 localhost' > "$root/etc/hosts"
ln -s ../run/resolv.conf "$root/etc/resolv.conf"
printf 'Small guest, Debian kernel %s. User cirros, password gocubsgo.\n\n' "$version" > "$root/etc/issue"

cat > "$root/etc/inittab" << 'GUEST'
::sysinit:/etc/init.d/boot
ttyS0::respawn:/sbin/getty -L 115200 ttyS0 vt100
tty1::respawn:/sbin/getty 38400 tty1 linux
::ctrlaltdel:/sbin/reboot
::shutdown:/etc/init.d/halt
GUEST

cat > "$root/etc/init.d/halt" << 'GUEST'
#!/bin/sh
echo "Shutting down."
sync
umount -a -r 2> /dev/null
GUEST

cat > "$root/etc/acpi/PWRF/00000080" << 'GUEST'
#!/bin/sh
echo "The power button was pressed." > /dev/console
exec /sbin/poweroff
GUEST

# Called by udhcpc with what the DHCP server said.
cat > "$root/etc/init.d/lease" << 'GUEST'
#!/bin/sh
case $1 in
deconfig)
    ip addr flush dev "$interface"
    ip link set "$interface" up
    ;;
bound | renew)
    ip addr replace "$ip/${mask:-24}" dev "$interface"
    [ -z "$mtu" ] || ip link set "$interface" mtu "$mtu"
    # Classless routes, when given, replace the router option (RFC 3442).
    if [ -n "$staticroutes" ]; then
        set -- $staticroutes
        while [ $# -ge 2 ]; do
            case $2 in
            0.0.0.0) ip route replace "$1" dev "$interface" ;;
            *) ip route replace "$1" via "$2" dev "$interface" ;;
            esac
            shift 2
        done
    else
        for gateway in $router; do ip route replace default via "$gateway" dev "$interface" && break; done
    fi
    {
        [ -z "$domain" ] || echo "search $domain"
        for server in $dns; do echo "nameserver $server"; done
    } > /run/resolv.conf
    [ -z "$hostname" ] || echo "$hostname" > /run/lease-hostname
    echo "$interface: $ip/${mask:-24}, from $serverid"
    ;;
esac
GUEST

# Called by uevent for each change of the kernel's devices: an interface that is plugged in gets an address. The client of
# one that was unplugged holds a lease and does not notice; the next interface of the name needs a client of its own.
cat > "$root/etc/init.d/plugged" << 'GUEST'
#!/bin/sh
case "$ACTION $SUBSYSTEM $INTERFACE" in "add net eth"* | "remove net eth"*) ;; *) exit 0 ;; esac
client=$(cat "/run/udhcpc.$INTERFACE.pid" 2> /dev/null)
if [ -n "$client" ] && [ "$(cat "/proc/$client/comm" 2> /dev/null)" = udhcpc ]; then kill "$client"; fi
rm -f "/run/udhcpc.$INTERFACE.pid"
[ "$ACTION" = add ] || exit 0
ip link set "$INTERFACE" up
udhcpc -i "$INTERFACE" -b -t 5 -T 1 -O staticroutes -O mtu -s /etc/init.d/lease \
    -p "/run/udhcpc.$INTERFACE.pid" < /dev/null > /dev/console 2>&1
GUEST

cat > "$root/etc/init.d/boot" << 'GUEST'
#!/bin/sh
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
facts=/run/facts

# One string out of a JSON file on one line.
member() { tr -d '\n' < "$1" | sed -n 's/.*"'"$2"'": *"\([^"]*\)".*/\1/p'; }

# wget's own time limit crashes in Debian 12's static busybox.
metadata() { timeout 5 wget -q -O - "http://169.254.169.254/2009-04-04/$1" 2> /dev/null; }

from_config_drive() {
    modprobe isofs 2> /dev/null
    drive=$(findfs LABEL=config-2 2> /dev/null)
    if [ -z "$drive" ]; then
        for module in ata_piix ahci sr_mod; do modprobe $module 2> /dev/null; done
        usleep 200000
        drive=$(findfs LABEL=config-2 2> /dev/null)
    fi
    [ -n "$drive" ] || return 1
    mkdir -p /run/drive
    mount -o ro "$drive" /run/drive || return 1
    json=/run/drive/openstack/latest/meta_data.json
    member $json uuid > $facts/instance
    member $json hostname > $facts/hostname
    grep -oE '"(ssh-|ecdsa-)[^"]*"' $json | tr -d '"' | sort -u > $facts/keys
    cp /run/drive/openstack/latest/user_data $facts/script 2> /dev/null
    umount /run/drive
    echo "Read the config drive $drive."
}

from_metadata_service() {
    ip route get 169.254.169.254 > /dev/null 2>&1 || return 1
    tries=0
    until instance=$(metadata meta-data/instance-id) && [ -n "$instance" ]; do
        tries=$((tries + 1))
        [ $tries -lt 10 ] || return 1
        echo "No answer from the metadata service ($tries of 10)."
        sleep 2
    done
    echo "$instance" > $facts/instance
    metadata meta-data/hostname > $facts/hostname
    metadata meta-data/public-keys/0/openssh-key > $facts/keys
    metadata user-data > $facts/script || rm -f $facts/script
    echo "Asked the metadata service."
}

mkdir -p /dev/pts /dev/shm
mount -t devpts none /dev/pts
mount -t tmpfs -o mode=755 none /run
mkdir -p $facts
dmesg -n 4
resize2fs /dev/vda2 > /dev/null 2>&1
for module in virtio_net virtio-rng button evdev virtio_balloon virtio_console; do modprobe $module 2> /dev/null; done
acpid
ip link set lo up

source=nothing
from_config_drive && source="the config drive"

tries=0
while [ ! -e /sys/class/net/eth0 ] && [ $tries -lt 10 ]; do tries=$((tries + 1)); usleep 100000; done
for path in /sys/class/net/eth*; do
    [ -e "$path" ] || continue
    interface=${path##*/}
    ip link set "$interface" up
    udhcpc -i "$interface" -b -t 6 -T 1 -O staticroutes -O mtu -s /etc/init.d/lease \
        -p "/run/udhcpc.$interface.pid" < /dev/null
done
uevent /etc/init.d/plugged > /dev/null 2>&1 &

[ "$source" != nothing ] || ! from_metadata_service || source="the metadata service"
[ -s $facts/hostname ] || cp /run/lease-hostname $facts/hostname 2> /dev/null || cp /etc/hostname $facts/hostname
name=$(cat $facts/hostname)
hostname "${name%%.*}"
printf '127.0.0.1 localhost\n127.0.1.1 %s %s\n' "$name" "${name%%.*}" > /etc/hosts

if [ -s $facts/keys ]; then
    for home in /root /home/cirros; do
        cp $facts/keys $home/.ssh/authorized_keys
        chmod 600 $home/.ssh/authorized_keys
    done
    chown cirros:cirros /home/cirros/.ssh/authorized_keys
fi
for type in ed25519 ecdsa; do
    key=/etc/dropbear/$type
    [ -s $key ] || dropbearkey -t $type -f $key > /dev/null 2>&1
done
dropbear -s -r /etc/dropbear/ed25519 -r /etc/dropbear/ecdsa

echo "Knows itself from $source: $(cat $facts/instance 2> /dev/null) $(hostname)"
ip -4 addr show | grep inet
ip route
# A script given at launch runs once in an instance's life.
instance=$(cat $facts/instance 2> /dev/null)
if [ "$(head -c 2 $facts/script 2> /dev/null)" = '#!' ] && [ "$(cat /var/lib/script-ran 2> /dev/null)" != "$instance" ]; then
    echo "$instance" > /var/lib/script-ran
    chmod 700 $facts/script
    mount -o remount,exec /run
    echo "Running the user data."
    $facts/script < /dev/null
    echo "The user data ended with status $?."
fi
read -r up rest < /proc/uptime
echo "Ready after $up s."
GUEST
chmod 755 "$root"/etc/init.d/* "$root/etc/acpi/PWRF/00000080"
chmod 600 "$root/etc/shadow"
chmod 700 "$root/root" "$root/root/.ssh" "$root/home/cirros/.ssh"
chmod 1777 "$root/tmp"
chown -R 0:0 "$root"
chown -R 1000:1000 "$root/home/cirros"
# Last: a change of owner takes the bit away.
chmod 4755 "$root/bin/su"

# The disk: 1 MiB for the partition table, then the two partitions.

step "Writing the disk"
boot_mib=17 root_mib=22
cat > "$work/syslinux.cfg" << 'GUEST'
DEFAULT guest
PROMPT 0
TIMEOUT 0
LABEL guest
  KERNEL vmlinuz
  INITRD initrd
  APPEND console=tty1 console=ttyS0,115200 no_timestamp tsc=reliable random.trust_cpu=on panic=10
GUEST
truncate -s ${boot_mib}M "$work/boot.img"
mformat -i "$work/boot.img" -T $((boot_mib * 2048)) -h 16 -s 63 -H 2048 -v BOOT ::
mcopy -i "$work/boot.img" "$kernel"/boot/vmlinuz-* ::vmlinuz
mcopy -i "$work/boot.img" "$work/initrd" ::initrd
mcopy -i "$work/boot.img" "$work/syslinux.cfg" ::syslinux.cfg
syslinux --install "$work/boot.img"
truncate -s ${root_mib}M "$work/root.img"
mke2fs -q -t ext4 -L root -m 0 -J size=4 -E lazy_itable_init=0,resize=4294967295 -d "$root" "$work/root.img"

disk=$work/disk.raw
truncate -s $((1 + boot_mib + root_mib))M "$disk"
sfdisk -q "$disk" << TABLE
label: dos
2048,$((boot_mib * 2048)),e,*
$((2048 + boot_mib * 2048)),$((root_mib * 2048)),83
TABLE
dd if=$bootcode of="$disk" bs=440 count=1 conv=notrunc 2> /dev/null
dd if="$work/boot.img" of="$disk" bs=1M seek=1 conv=notrunc,sparse 2> /dev/null
dd if="$work/root.img" of="$disk" bs=1M seek=$((1 + boot_mib)) conv=notrunc,sparse 2> /dev/null
step "Compressing"
mkdir -p "$(dirname "$output")"
qemu-img convert -f raw -O qcow2 -c "$disk" "$output.part"
chmod 644 "$output.part"
mv "$output.part" "$output"
step "Done: $(stat -c %s "$output") bytes"
