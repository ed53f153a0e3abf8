/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-model-types.h"

G_BEGIN_DECLS

/* For hash tables of people and of messages, whose keys are the bytes of their ids. */

guint    kith_identity_hash    (gconstpointer identity);
gboolean kith_identity_equal   (gconstpointer a,
                                gconstpointer b);
guint    kith_message_id_hash  (gconstpointer id);
gboolean kith_message_id_equal (gconstpointer a,
                                gconstpointer b);

G_END_DECLS
