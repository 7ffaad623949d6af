#pragma once
#include <libvirt/libvirt.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

/// Frees text that libvirt allocated.
static inline void daybreak_libvirt_free(char *text) { free(text); }
