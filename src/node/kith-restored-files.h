/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"
#include "node/kith-transfers.h"

G_BEGIN_DECLS

/* Looks anew for what had come when the backup was made that this profile is from; of no other profile anything is
 * read. Called when it is known where files are put. Main thread. */
void kith_restored_files_look (KithNode      *node);
void kith_restored_files_stop (KithTransfers *transfers);

G_END_DECLS
