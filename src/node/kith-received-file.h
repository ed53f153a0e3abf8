/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-received.h"

G_BEGIN_DECLS

/* One file that somebody sent, where it was put. Any thread; the disk is looked at. */

gboolean kith_received_file_is_there (const KithStoreReceived *row);
gboolean kith_received_file_delete   (const KithStoreReceived *row,
                                      GError                 **error);

G_END_DECLS
