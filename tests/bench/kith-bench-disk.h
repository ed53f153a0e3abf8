/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store.h"

G_BEGIN_DECLS

/* (transfer full): a new store on the disk, under a key that nobody keeps. */
KithStore *kith_bench_open_store (const char *folder,
                                  const char *name);

G_END_DECLS
