/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store.h"

G_BEGIN_DECLS

#define KITH_TYPE_MEMORY_STORE (kith_memory_store_get_type ())
G_DECLARE_FINAL_TYPE (KithMemoryStore, kith_memory_store, KITH, MEMORY_STORE, KithStore)

/* A store that never touches the disk. Commits are answered from an idle source, in order, as
 * those of a store on a disk are. */
KithStore *kith_memory_store_new (void);

G_END_DECLS
